/** How long tonight is: in minutes of the whole evening, where that may be chosen. */

import { h, say } from "../dom.js";
import { fill, WORDS } from "../words.js";
import { choose, chosenName, side } from "./pace.js";

/** @typedef {keyof typeof WORDS.home.lengths} Length */

const LENGTHS = /** @type {Length[]} */ (["shorter", "usual", "longer"]);

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function lengthChoice(app, state) {
  const sides = LENGTHS.map((length) => {
    const minutes = h("span");
    const element = side("length", minutes, false, () => take(app, length));
    const input = /** @type {HTMLInputElement} */ (element.querySelector("input"));
    return { length, element, input, minutes };
  });
  const choice = h(
    "div", { class: "sides length", role: "radiogroup", "aria-label": WORDS.home.length },
    h("span", { class: "small", "aria-hidden": "true" }, WORDS.home.length),
    h("span", { class: "choices" }, sides.map((one) => one.element)),
  );
  const fixedMinutes = h("span", { class: "choices small" });
  const fixed = h(
    "div", { class: "sides" },
    h("span", { class: "small" }, WORDS.home.length), fixedMinutes,
  );
  /** @param {any} now */
  const update = (now) => {
    const { minutes = 0, length = null, lengths = {} } = now.practice ?? {};
    const isOpen = Object.keys(lengths).length > 1;
    choice.hidden = !isOpen;
    // Where practices are listed, each says how long it takes.
    fixed.hidden = isOpen || (now.choices ?? []).length > 1;
    say(fixedMinutes, minutes ? fill(WORDS.home.minutes, { n: Math.round(minutes) }) : "");
    for (const one of sides) {
      const lasts = lengths[one.length];
      one.element.hidden = lasts === undefined;
      if (lasts === undefined) continue;
      say(one.minutes, fill(WORDS.home.lengths[one.length], { n: Math.round(lasts) }));
      one.input.checked = one.length === length;
    }
  };
  update(state);
  return { element: h("div", { class: "how-long" }, choice, fixed), update };
}

/**
 * @param {import("../app.js").App} app
 * @param {Length} length
 */
function take(app, length) {
  choose(app, chosenName(app.state), Boolean(app.state.without_breathing), length);
}
