/** The breath tonight: found together, steady, set, or none. One choice. */

import { tenths } from "../days.js";
import { h, say } from "../dom.js";
import { WORDS, wordsOf } from "../words.js";

/** @typedef {"find"|"six"|"set"|"without"} Way */

const WAYS = /** @type {Way[]} */ (["find", "six", "set", "without"]);
const STEP_PER_MIN = 0.1;
const SLOWEST_PER_MIN = 4.5;
const FASTEST_PER_MIN = 7;

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function paceChoice(app, state) {
  const hint = h("p", { class: "small hint" });
  const set = setPace(app);
  const inOut = inOutChoice(app, state);
  const sides = WAYS.map((way) => {
    const element = side("breath", WORDS.home.pace[way], false, () => take(app, way));
    const input = /** @type {HTMLInputElement} */ (element.querySelector("input"));
    return { way, element, input };
  });
  const ways = h(
    "div", { class: "sides", role: "radiogroup", "aria-label": WORDS.home.practice },
    h("span", { class: "small", "aria-hidden": "true" }, WORDS.home.practice),
    h("span", { class: "choices" }, sides.map(({ element }) => element)),
  );
  const more = h("div", { class: "more" }, set.element, hint, inOut.element);
  /** @param {any} now */
  const update = (now) => {
    const ownPace = Boolean(now.practice?.own_pace);
    const chosen = now.without_breathing ? "without" : now.pace?.way ?? null;
    ways.hidden = ownPace;
    const mayFind = Boolean(now.pace?.may_find);
    for (const { way, element, input } of sides) {
      input.checked = way === chosen;
      // Hidden and without a word: who agreed learns nothing here of who did not.
      element.hidden = way === "find" && !mayFind;
    }
    const ofTheWay = wordsOf(WORDS.home.paceHint, chosen) ?? "";
    say(hint, ownPace ? `${now.practice.purpose} ${WORDS.home.ownPace}` : ofTheWay);
    hint.hidden = chosen === "set" && !ownPace;
    set.element.hidden = chosen !== "set" || ownPace;
    inOut.element.hidden = (chosen === "without" || chosen === null) && !ownPace;
    set.update(now);
    inOut.update(now);
  };
  update(state);
  return { element: h("div", { class: "breath-choice" }, ways, more), update };
}

/**
 * @param {import("../app.js").App} app
 * @param {Way} way
 */
function take(app, way) {
  const without = way === "without";
  const changes = without || app.state.without_breathing;
  // What is marked is what one gets, also where the server went without breathing.
  if (changes) choose(app, chosenName(app.state), without);
  if (!without) tell(app, { way });
}

/**
 * @param {import("../app.js").App} app
 * @param {Record<string, unknown>} changes
 */
function tell(app, changes) {
  const { way, per_min, in_out } = app.state.pace ?? {};
  const now = { way: way ?? "six", per_min: per_min ?? 6, in_out: in_out ?? "40:60" };
  app.send("pace", { ...now, ...changes });
}

/**
 * The pace that is set, a tenth at a time.
 * @param {import("../app.js").App} app
 */
function setPace(app) {
  const shown = h("output", { "aria-live": "polite" });
  /** @param {number} by */
  const move = (by) => {
    const moved = Math.round(10 * ((app.state.pace?.per_min ?? 6) + by)) / 10;
    const per_min = Math.min(FASTEST_PER_MIN, Math.max(SLOWEST_PER_MIN, moved));
    tell(app, { way: "set", per_min });
  };
  const element = h(
    "span", { class: "stepper", role: "group", "aria-label": WORDS.home.perMin },
    stepButton("−", WORDS.home.slower, () => move(-STEP_PER_MIN)),
    shown,
    stepButton("+", WORDS.home.quicker, () => move(STEP_PER_MIN)),
    h("span", { class: "small" }, WORDS.home.perMin),
  );
  /** @param {any} now */
  const update = (now) => say(shown, tenths(now.pace?.per_min ?? 6));
  return { element, update };
}

/**
 * @param {string} sign
 * @param {string} words
 * @param {() => void} onClick
 */
function stepButton(sign, words, onClick) {
  return h("button", { type: "button", "aria-label": words, onClick }, sign);
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
function inOutChoice(app, state) {
  const sides = Object.entries(WORDS.home.inOutWays).map(([in_out, words]) => {
    const element = side("in-out", words, false, () => tell(app, { in_out }));
    const input = /** @type {HTMLInputElement} */ (element.querySelector("input"));
    return { in_out, element, input };
  });
  const element = h(
    "span", { class: "sides", role: "radiogroup", "aria-label": WORDS.home.inOut },
    h("span", { class: "small", "aria-hidden": "true" }, WORDS.home.inOut),
    h("span", { class: "choices" }, sides.map((one) => one.element)),
  );
  /** @param {any} now */
  const update = (now) => {
    for (const { in_out, input } of sides) {
      input.checked = in_out === now.pace?.in_out;
    }
  };
  update(state);
  return { element, update };
}

/**
 * The practice by its own name: its version without breathing is named after it.
 * @param {any} state
 */
export function chosenName(state) {
  return (state.practice?.name ?? "").replace(/-without-breathing$/, "");
}

/**
 * @param {import("../app.js").App} app
 * @param {string} practice
 * @param {boolean} without_breathing
 * @param {string | null} length null leaves it as it is
 */
export function choose(app, practice, without_breathing, length = null) {
  app.send("choose", { practice, minutes: null, length, without_breathing });
}

/**
 * @param {string} group
 * @param {string | Node} words
 * @param {boolean} checked
 * @param {() => void} onChange
 */
export function side(group, words, checked, onChange) {
  return h(
    "label", { class: "choice" },
    h("input", { type: "radio", name: group, checked, onChange }), words,
  );
}
