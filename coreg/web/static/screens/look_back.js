/** Look back: first what they noticed, then what each wants to see, if anything. */

import { h, mainButton, title } from "../dom.js";
import { fill, nameOf, WORDS } from "../words.js";
import { aloneLine, handOver } from "./hand.js";

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
  const heading = title("");
  /** @param {any} now */
  const show = (now) => {
    const open = openPages(now);
    heading.textContent = open.length > 0 ? WORDS.lookBack.open : WORDS.lookBack.closed;
    links.replaceChildren(...open.map(([words, path]) => pageLink(words, path)));
    links.hidden = open.length === 0;
  };
  show(state);
  return {
    element: h(
      "div", { class: "day narrow alone" },
      heading,
      h("p", { class: "lead" }, WORDS.lookBack.truth),
      links,
      h("div", { class: "buttons" }, mainButton(WORDS.lookBack.done, () => app.go("home"))),
    ),
    update: show,
  };
}

/**
 * @param {any} state
 * @returns {[string, string][]}
 */
function openPages(state) {
  const { page = null, own = null } = state.look ?? {};
  /** @type {[string, string | null | undefined][]} */
  const all = [
    [WORDS.lookBack.openOurs, page],
    [fill(WORDS.lookBack.openMine, { name: nameOf(state, "A") }), own?.A],
    [fill(WORDS.lookBack.openMine, { name: nameOf(state, "B") }), own?.B],
  ];
  return all.flatMap(([words, path]) => (path ? [[words, path]] : []));
}

/**
 * @param {string} words
 * @param {string} path
 */
function pageLink(words, path) {
  return h("li", {}, h("a", { href: path, target: "_blank", rel: "noopener" }, words));
}
