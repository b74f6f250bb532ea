/** A rating by a person of themself: a line on which nothing lies until they put it. */

import { h, linkButton } from "../dom.js";
import { fill, WORDS } from "../words.js";

/** Karolinska sleepiness is 1 (very alert) to 9 (fighting sleep); the others 0 to 10. */
const SCALES = { at_ease: [0, 10], awake: [1, 9], myself: [0, 10] };
const NAMES = /** @type {(keyof typeof SCALES)[]} */ (Object.keys(SCALES));

/** What puts a rating where it is; Shift or a screen reader's keys answer nothing. */
const ANSWERS = new Set([
  "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown",
  "Enter", " ",
]);

/** The three ratings, and the function that reads them (null: not answered). */
export function ratings() {
  const all = NAMES.map((name) => rating(name, SCALES[name]));
  return {
    elements: all.map((each) => each.element),
    read: () => Object.fromEntries(all.map((each) => [each.name, each.value()])),
  };
}

/**
 * @param {keyof typeof SCALES} name
 * @param {number[]} ends
 */
function rating(name, [low, high]) {
  const words = WORDS.ratings[name];
  const slider = /** @type {HTMLInputElement} */ (
    h("input", {
      type: "range", min: low, max: high, step: 1, class: "unset",
      value: (low + high) / 2, "aria-label": words.ask,
    })
  );
  const clear = linkButton(WORDS.ratings.clear, () => settle(false), {
    "aria-label": fill(WORDS.ratings.clearLabel, { what: words.ask }),
  });
  let answered = false;
  /** @param {boolean} isAnswered */
  const settle = (isAnswered) => {
    answered = isAnswered;
    if (!answered) slider.value = String((low + high) / 2);
    slider.classList.toggle("unset", !answered);
    slider.setAttribute("aria-valuetext", answered ? spoken() : WORDS.ratings.unset);
    clear.hidden = !answered;
  };
  const spoken = () => `${slider.value}, ${low} ${words.low}, ${high} ${words.high}`;
  // A touch on the very middle changes no value and sends no `input`: hear it too.
  for (const event of ["input", "pointerup", "keydown"]) {
    slider.addEventListener(event, (given) => {
      const { key } = /** @type {KeyboardEvent} */ (given);
      if (key === undefined || ANSWERS.has(key)) settle(true);
    });
  }
  settle(false);
  return {
    name,
    value: () => (answered ? Number(slider.value) : null),
    element: h(
      "div", { class: "rating" },
      h("div", { class: "ask" }, h("span", {}, words.ask), clear),
      slider,
      h("div", { class: "ends" }, h("span", {}, words.low), h("span", {}, words.high)),
    ),
  };
}
