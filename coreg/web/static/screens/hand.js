/** Before a page for one person alone: hand the laptop over. */

import { h, mainButton, mark, title } from "../dom.js";
import { fill, nameOf, WORDS } from "../words.js";

/**
 * A screen that first asks for the right person, then shows that person's own page.
 * @param {any} state
 * @param {(replace: (element: HTMLElement) => void) => HTMLElement} ownPage builds it
 */
export function handOver(state, ownPage) {
  const name = nameOf(state, state.turn);
  const element = h("div", { class: "day narrow" });
  /** @param {HTMLElement} page */
  const replace = (page) => {
    element.replaceChildren(...page.childNodes);
    element.classList.remove("alone");
    window.scrollTo(0, 0);
    element.querySelector("h1")?.focus({ preventScroll: true });
  };
  element.classList.add("alone");
  element.append(
    title(fill(WORDS.hand.title, { name })),
    h("p", { class: "lead" }, WORDS.hand.lead),
    h(
      "div", { class: "buttons" },
      mainButton(fill(WORDS.hand.ready, { name }), () => replace(ownPage(replace))),
    ),
  );
  return { element };
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
