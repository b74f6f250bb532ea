/** A rating by a person of themself: a line on which nothing lies until they put it. */

import { h, linkButton } from "../dom.js";
import { asking } from "../keeping.js";
import { fill, WORDS } from "../words.js";

/** @typedef {"at_ease"|"wide_awake"|"myself"} Scale */
/** All from 0 to 10, with the least on the left. */
export const SCALES = /** @type {Scale[]} */ (["at_ease", "wide_awake", "myself"]);
const LOW = 0;
const HIGH = 10;
/** What is said where nothing was answered. */
export const UNRATED = Object.fromEntries(SCALES.map((name) => [name, null]));

/** What puts a rating where it is; Shift or a screen reader's keys answer nothing. */
const ANSWERS = new Set([
  "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown",
  "Enter", " ",
]);

/** The three ratings, and the function that reads them (null: not answered). */
export function ratings() {
  const all = SCALES.map((name) => rating(name, WORDS.ratings[name]));
  return {
    elements: all.map((each) => each.element),
    read: () => Object.fromEntries(all.map((each) => [each.name, each.value()])),
  };
}

/**
 * What a practice itself asks: its sliders, and what is to be sent of them.
 * @param {{name: string, words: string, low: string, high: string, needed?: boolean}[]} scales
 */
export function scalesOf(scales) {
  const all = scales.map(({ name, words, low, high }) => rating(name, { ask: words, low, high }));
  return {
    elements: all.map((each) => each.element),
    read: () => all.map((each) => each.value()),
    /** What the practice depends on and nobody has said yet, in its own words. */
    missing: () => scales.find(({ needed }, at) => needed && all[at].value() === null)?.words ?? "",
    /** @param {"A"|"B"} partner */
    asked: (partner) => all.flatMap((each) => {
      const value = each.value();
      return value === null ? [] : [asking("answer", { partner, name: each.name, value })];
    }),
  };
}

/**
 * @param {string} name
 * @param {{ask: string, low: string, high: string}} words
 */
function rating(name, words) {
  const slider = /** @type {HTMLInputElement} */ (
    h("input", {
      type: "range", min: LOW, max: HIGH, step: 1, class: "unset",
      value: (LOW + HIGH) / 2, "aria-label": words.ask,
    })
  );
  const clear = linkButton(WORDS.ratings.clear, () => settle(false), {
    "aria-label": fill(WORDS.ratings.clearLabel, { what: words.ask }),
  });
  let answered = false;
  /** @param {boolean} isAnswered */
  const settle = (isAnswered) => {
    answered = isAnswered;
    if (!answered) slider.value = String((LOW + HIGH) / 2);
    slider.classList.toggle("unset", !answered);
    slider.setAttribute("aria-valuetext", answered ? spoken() : WORDS.ratings.unset);
    clear.hidden = !answered;
  };
  const spoken = () => `${slider.value}, ${LOW} ${words.low}, ${HIGH} ${words.high}`;
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
