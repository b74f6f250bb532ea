/** Before a page for one person alone: hand the laptop over. */

import { h, mainButton, mark, say, title } from "../dom.js";
import { fill, nameOf, WORDS } from "../words.js";

/** @typedef {import("../stage.js").Screen} Screen */

/**
 * A screen that first asks for the right person, then shows that person's own page.
 * @param {any} state
 * @param {(replace: (page: Screen) => void) => Screen | Promise<Screen | null>} ownPage
 *   builds it; none where the server cannot be asked for what stands on it
 * @param {() => void} leave where Esc leads, at once; what stands there is let go
 * @param {Node | null} [back] a way out before anybody's own page
 * @returns {Screen}
 */
export function handOver(state, ownPage, leave, back = null) {
  const name = nameOf(state, state.turn);
  const element = h("div", { class: "day narrow" });
  /** @type {Screen | null} */
  let own = null;
  /** @param {Screen} page */
  const replace = (page) => {
    own = page;
    element.replaceChildren(...page.element.childNodes);
    element.classList.remove("alone");
    window.scrollTo(0, 0);
    element.querySelector("h1")?.focus({ preventScroll: true });
  };
  const told = h("p", { class: "needed", role: "status" });
  const open = async () => {
    const page = await ownPage(replace);
    if (page) replace(page);
    else say(told, WORDS.hand.later);
  };
  element.classList.add("alone");
  const front = [
    title(fill(WORDS.hand.title, { name })),
    h("p", { class: "lead" }, WORDS.hand.lead),
    h(
      "div", { class: "buttons" },
      mainButton(fill(WORDS.hand.ready, { name }), open), back,
    ),
    told,
  ];
  element.append(...front);
  return {
    element,
    escape() {
      own?.letGo?.();
      own = null;
      element.classList.add("alone");
      element.replaceChildren(...front); // at once, whoever answers or does not
      leave();
    },
    holds: () => own?.holds?.() ?? false,
    moved: () => own?.moved?.(),
    away: (known) => own?.away?.(known),
    update: (now) => own?.update?.(now),
  };
}

/**
 * The line that says whose page this is.
 * @param {any} state
 */
export function aloneLine(state) {
  const name = nameOf(state, state.turn);
  return h(
    "p", { class: "who alone-line" },
    mark(state.turn), h("span", {}, fill(WORDS.consent.alone, { name })),
  );
}
