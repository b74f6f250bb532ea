/** A rating by a person of themself: a line on which nothing lies until they put it. */

import { h, linkButton, say } from "../dom.js";
import { asking } from "../keeping.js";
import { fill, WORDS } from "../words.js";

/** @typedef {"at_ease"|"wide_awake"|"myself"} Scale */
/** All from 0 to 10, with the least on the left. */
export const SCALES = /** @type {Scale[]} */ (["at_ease", "wide_awake", "myself"]);
const NO = 0;
const YES = 1;
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
 * @typedef {object} Asked what a practice asks of one alone
 * @property {string} name
 * @property {string} words
 * @property {string} low
 * @property {string} high
 * @property {boolean} [needed]
 * @property {boolean} [yes_no]
 * @property {string} [reply] what is said to that one after a yes, or a low answer
 * @property {number | null} [reply_at_most] how low
 * @property {boolean} [may_keep]
 */

/**
 * What a practice itself asks, by a slider or by yes and no; and what is to be sent of it.
 * @param {Asked[]} scales
 * @param {(asked: Asked) => HTMLElement | null} [afterYes] what belongs beneath a reply
 */
export function scalesOf(scales, afterYes = () => null) {
  const all = scales.map((asked) => withReply(asked, afterYes));
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
 * One question, and what is said to it at once: to the one who answers, on the page that
 * is theirs alone. The way on stays what it is, and so does all that the other has of it.
 * @param {Asked} asked
 * @param {(asked: Asked) => HTMLElement | null} afterYes
 */
function withReply(asked, afterYes) {
  const { name, words, low, high, yes_no, reply = "", reply_at_most = null } = asked;
  const more = reply ? afterYes(asked) : null;
  const said = h("p", { class: "small reply", "aria-live": "polite" });
  const replied = h("div", { class: "replied" }, said, more);
  /** @param {number | null} value */
  const answered = (value) => {
    const isReplied = value !== null && (yes_no ? value === YES : value <= (reply_at_most ?? -1));
    say(said, isReplied ? reply : "");
    replied.hidden = !isReplied;
  };
  const one = yes_no
    ? yesNo(name, words, answered)
    : rating(name, { ask: words, low, high }, answered);
  replied.hidden = true;
  if (reply) one.element.append(replied);
  return one;
}

/**
 * A question of yes or no, which nobody has to answer.
 * @param {string} name
 * @param {string} words
 * @param {(value: number | null) => void} answered
 */
function yesNo(name, words, answered) {
  const inputs = [YES, NO].map((value) => /** @type {HTMLInputElement} */ (
    h("input", { type: "radio", name: `asked-${name}`, value, onChange: () => settle() })
  ));
  const clear = linkButton(WORDS.ratings.clear, () => {
    inputs[0].focus(); // what had it goes
    inputs.forEach((input) => { input.checked = false; });
    settle();
  }, { "aria-label": fill(WORDS.ratings.clearLabel, { what: words }) });
  const value = () => {
    const chosen = inputs.find((input) => input.checked);
    return chosen ? Number(chosen.value) : null;
  };
  const settle = () => {
    clear.hidden = value() === null;
    answered(value());
  };
  clear.hidden = true;
  return {
    name,
    value,
    element: h(
      "div", { class: "rating", role: "radiogroup", "aria-label": words },
      h("div", { class: "ask" }, h("span", {}, words), clear),
      h(
        "div", { class: "few" },
        [WORDS.ratings.yes, WORDS.ratings.no].map((answer, at) =>
          h("label", { class: "choice" }, inputs[at], h("span", {}, answer))),
      ),
    ),
  };
}

/**
 * @param {string} name
 * @param {{ask: string, low: string, high: string}} words
 * @param {(value: number | null) => void} [told] hears each answer
 */
function rating(name, words, told = () => {}) {
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
    told(answered ? Number(slider.value) : null);
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
