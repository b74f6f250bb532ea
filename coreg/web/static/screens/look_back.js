/** Look back: first what they noticed, then what each wants to see, if anything. */

import { h, mainButton, mark, say, title } from "../dom.js";
import { asking, keeping, tooManyWords } from "../keeping.js";
import { WORDS } from "../words.js";
import { aloneLine, handOver } from "./hand.js";
import { helpLink } from "./help.js";
import { withOwnPages } from "./own_page.js";

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function lookBack(app, state) {
  return state.turn
    ? handOver(state, () => askPage(app, state), () => {}) // still this one's turn
    : lastPage(app, state);
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
async function askPage(app, state) {
  const partner = state.turn;
  const text = /** @type {HTMLTextAreaElement} */ (h("textarea"));
  const kept = keeping(app, () => text.value.trim());
  /** @param {"nothing"|"mine"|"ours"} whose */
  const look = (whose) => {
    const words = text.value.trim();
    const tooMany = tooManyWords(words);
    kept.tell(tooMany);
    if (tooMany) text.focus();
    else kept.send([
      ...(words ? [asking("words", { partner, text: words })] : []),
      asking("look", { partner, whose }),
    ]);
  };
  const options = (await offered(app, state)).map((whose) =>
    h(
      "button", { type: "button", onClick: () => look(whose) },
      h("b", {}, WORDS.lookBack[whose]),
      h("small", {}, WORDS.lookBack[`${whose}Hint`]),
    ),
  );
  const element = h(
    "div", {},
    aloneLine(state),
    title(WORDS.lookBack.title),
    h("p", { class: "lead" }, WORDS.lookBack.private),
    h("label", { class: "field own-words" }, h("span", {}, WORDS.lookBack.write), text),
    kept.element,
    h(
      "section", { class: "part" },
      h("h2", {}, WORDS.lookBack.choose),
      h("div", { class: "options" }, options),
    ),
    h("div", { class: "beneath" }, helpLink()),
  );
  return { ...kept, element };
}

/**
 * What one may wish to see: not both hearts, where one's own consent keeps that closed.
 * What the other one agreed to changes nothing here.
 * @param {import("../app.js").App} app
 * @param {any} state
 * @returns {Promise<("nothing"|"mine"|"ours")[]>}
 */
async function offered(app, state) {
  if (state.source !== "straps") return ["nothing", "mine", "ours"];
  const { isTaken, agreed } = await app.ask("own-consent", { partner: state.turn });
  const mayBeOurs = !isTaken || agreed?.show_partner;
  return mayBeOurs ? ["nothing", "mine", "ours"] : ["nothing", "mine"];
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
function lastPage(app, state) {
  const links = h("ul", { class: "list" });
  const lead = h("p", { class: "lead" });
  const unopened = h("p", { class: "small beneath" }, WORDS.lookBack.oursClosed);
  const shared = h(
    "div", { class: "day narrow alone" },
    title(WORDS.lookBack.closed),
    lead,
    links,
    unopened,
    h("div", { class: "buttons" }, mainButton(WORDS.lookBack.done, () => app.go("home"))),
  );
  const { element, doors, escape } = withOwnPages(app, state, shared);
  /** @param {any} now */
  const show = (now) => {
    links.hidden = !now.look;
    unopened.hidden = !now.look || Boolean(now.look.page);
    say(lead, now.look ? WORDS.lookBack.truth : WORDS.lookBack.notSaved);
    links.replaceChildren(
      ...(now.look?.page ? [jointLink(now.look.page)] : []),
      ...doors(now.look?.own).map(ownDoor),
    );
  };
  show(state);
  return { element, update: show, escape };
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
