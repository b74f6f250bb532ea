/** Something else tonight: another practice, another breath, another length. Folded. */

import { h, quietButton } from "../dom.js";
import { WORDS } from "../words.js";
import { lengthChoice } from "./length.js";
import { choose, chosenName, paceChoice, side } from "./pace.js";

/**
 * The button that unfolds it, and what it unfolds.
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {HTMLElement} more a link that belongs here, too
 */
export function somethingElse(app, state, more) {
  const practices = state.choices?.length > 1 ? practiceSides(app, state) : null;
  const pace = paceChoice(app, state);
  const length = lengthChoice(app, state);
  const element = h(
    "div", { class: "something-else", id: "something-else", hidden: true },
    practices && practices.element, length.element, pace.element,
    h("div", { class: "links" }, more),
  );
  const button = quietButton(
    WORDS.home.else,
    () => {
      element.hidden = !element.hidden;
      button.setAttribute("aria-expanded", String(!element.hidden));
    },
    { "aria-expanded": "false", "aria-controls": "something-else" },
  );
  /** @param {any} now */
  const update = (now) => {
    length.update(now);
    practices?.update(now);
    pace.update(now);
  };
  return { button, element, update };
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
function practiceSides(app, state) {
  const sides = state.choices.map((/** @type {any} */ practice) => {
    const element = side("practice", practice.title, false, () =>
      // A practice that is nothing but its paces is chosen with the breath.
      choose(app, practice.name, !practice.own_pace && Boolean(app.state.without_breathing)),
    );
    const input = /** @type {HTMLInputElement} */ (element.querySelector("input"));
    return { name: practice.name, element, input };
  });
  const element = h(
    "div", { class: "sides", role: "radiogroup", "aria-label": WORDS.home.practices },
    h("span", { class: "small", "aria-hidden": "true" }, WORDS.home.practices),
    h("span", { class: "choices" }, sides.map((/** @type {any} */ one) => one.element)),
  );
  /** @param {any} now */
  const update = (now) => {
    const chosen = chosenName(now);
    for (const { name, input } of sides) input.checked = name === chosen;
  };
  return { element, update };
}
