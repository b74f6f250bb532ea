/** Look back: first what they noticed, then what each wants to see, if anything. */

import { h, mainButton, mark, title } from "../dom.js";
import { WORDS } from "../words.js";
import { aloneLine, handOver } from "./hand.js";
import { withOwnPages } from "./own_page.js";

/**
 * @param {any} app
 * @param {any} state
 */
export function lookBack(app, state) {
  return state.turn
    ? handOver(state, () => askPage(app, state))
    : lastPage(app, state);
}

/**
 * @param {any} app
 * @param {any} state
 */
function askPage(app, state) {
  const partner = state.turn;
  const text = /** @type {HTMLTextAreaElement} */ (h("textarea", { maxlength: 4000 }));
  /** @param {"nothing"|"mine"|"ours"} whose */
  const look = (whose) => {
    const words = text.value.trim();
    if (words) app.send("words", { partner, text: words });
    app.send("look", { whose, partner });
  };
  const options = /** @type {const} */ (["nothing", "mine", "ours"]).map((whose) =>
    h(
      "button", { type: "button", onClick: () => look(whose) },
      h("b", {}, WORDS.lookBack[whose]),
      h("small", {}, WORDS.lookBack[`${whose}Hint`]),
    ),
  );
  return h(
    "div", {},
    aloneLine(state),
    title(WORDS.lookBack.title),
    h("p", { class: "lead" }, WORDS.lookBack.private),
    h("label", { class: "field own-words" }, h("span", {}, WORDS.lookBack.write), text),
    h(
      "section", { class: "part" },
      h("h2", {}, WORDS.lookBack.choose),
      h("div", { class: "options" }, options),
    ),
  );
}

/**
 * @param {any} app
 * @param {any} state
 */
function lastPage(app, state) {
  const links = h("ul", { class: "list" });
  const shared = h(
    "div", { class: "day narrow alone" },
    title(WORDS.lookBack.closed),
    h("p", { class: "lead" }, WORDS.lookBack.truth),
    links,
    h("div", { class: "buttons" }, mainButton(WORDS.lookBack.done, () => app.go("home"))),
  );
  const { element, doors } = withOwnPages(state, shared);
  /** @param {any} now */
  const show = (now) => {
    links.hidden = !now.look;
    links.replaceChildren(
      ...(now.look?.page ? [jointLink(now.look.page)] : []),
      ...doors(now.look?.own).map(ownDoor),
    );
  };
  show(state);
  return { element, update: show };
}

/** @param {string} path */
function jointLink(path) {
  return h(
    "li", {},
    h("a", { href: path, target: "_blank", rel: "noopener" }, WORDS.lookBack.openOurs),
  );
}

/** @param {import("./own_page.js").Door} door */
function ownDoor({ partner, words, open }) {
  return h(
    "li", {},
    h("button", { type: "button", class: "door", onClick: open }, mark(partner), words),
  );
}
