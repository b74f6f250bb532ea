/** Something else tonight: another practice, another breath, another length. Folded. */

import { h, quietButton, say } from "../dom.js";
import { fill, nameOf, WORDS } from "../words.js";
import { cardsLink } from "./cards.js";
import { lengthChoice } from "./length.js";
import { choose, chosenName, paceChoice, side } from "./pace.js";

/** @typedef {"A"|"B"} Partner */

/** @type {Partner[]} */
const PARTNERS = ["A", "B"];

/**
 * The button that unfolds it, and what it unfolds.
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {HTMLElement} more a link that belongs here, too
 */
export function somethingElse(app, state, more) {
  const practices = practiceSides(app);
  const first = firstChoice(app, state);
  const pace = paceChoice(app, state);
  const length = lengthChoice(app, state);
  const element = h(
    "div", { class: "something-else", id: "something-else", hidden: true },
    state.with_therapist && h("p", { class: "small" }, WORDS.home.withTherapist),
    practices.element, first.element, length.element, pace.element,
    h("div", { class: "beneath links" }, cardsLink(), more),
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
    practices.update(now);
    first.update(now);
    pace.update(now);
    // How to breathe is no question where nobody is led; its own paces say how.
    pace.element.hidden = !now.practice?.is_led && !now.without_breathing;
  };
  return { button, element, update };
}

/**
 * Each practice a line: what it is called, how long it takes, what it is for. What may be
 * chosen changes while one looks: a strap says what it can see once it is there.
 * @param {import("../app.js").App} app
 */
function practiceSides(app) {
  const list = h("div", { class: "practice-list" });
  const notWhen = h("p", { class: "small not-when", "aria-live": "polite" });
  const element = h(
    "div", { class: "practices", role: "radiogroup", "aria-label": WORDS.home.practices },
    h("span", { class: "small", "aria-hidden": "true" }, WORDS.home.practices),
    list, notWhen,
  );
  /** @type {Map<string, {element: HTMLElement, input: HTMLInputElement}>} */
  const sides = new Map();
  /** @param {any[]} choices in their order */
  const offer = (choices) => {
    for (const [name, { element: gone }] of sides) {
      if (choices.some((each) => each.name === name)) continue;
      gone.remove();
      sides.delete(name);
    }
    choices.forEach((practice, at) => {
      const one = sides.get(practice.name) ?? practiceSide(app, practice);
      const there = list.children[at] ?? null;
      sides.set(practice.name, one);
      // Whoever stands on one with the keyboard goes on standing there.
      if (there !== one.element) list.insertBefore(one.element, there);
    });
  };
  /** @param {any} now */
  const update = (now) => {
    const choices = now.choices ?? [];
    offer(choices);
    element.hidden = choices.length < 2;
    const chosen = chosenName(now);
    for (const [name, { input }] of sides) input.checked = name === chosen;
    const { at_first = "", not_when = "" } = now.practice ?? {};
    say(notWhen, [at_first, not_when].filter(Boolean).join(" "));
    notWhen.hidden = notWhen.textContent === "";
  };
  return { element, update };
}

/**
 * @param {import("../app.js").App} app
 * @param {any} practice
 */
function practiceSide(app, practice) {
  const words = h(
    "span", { class: "practice-words" },
    h("span", { class: "name" }, practice.title),
    h("span", { class: "small" }, fill(WORDS.home.minutes, { n: Math.round(practice.minutes) })),
    h("span", { class: "small purpose" }, practice.purpose),
  );
  const element = side("practice", words, false, () =>
    // A practice that is nothing but its paces is chosen with the breath.
    choose(app, practice.name, !practice.own_pace && Boolean(app.state.without_breathing)),
  );
  const input = /** @type {HTMLInputElement} */ (element.querySelector("input"));
  return { element, input };
}

/**
 * Who begins, or whose it is tonight, where one of the two has the first place.
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function firstChoice(app, state) {
  const asks = h("span", { class: "small", "aria-hidden": "true" });
  const sides = PARTNERS.map((partner) => {
    const element = side("first", nameOf(state, partner), false, () =>
      app.send("choose", {
        practice: chosenName(app.state), minutes: null, length: null,
        without_breathing: Boolean(app.state.without_breathing), first: partner,
      }),
    );
    const input = /** @type {HTMLInputElement} */ (element.querySelector("input"));
    return { partner, element, input };
  });
  const element = h(
    "div", { class: "sides first", role: "radiogroup" },
    asks, h("span", { class: "choices" }, sides.map(({ element: one }) => one)),
  );
  /** @param {any} now */
  const update = (now) => {
    const words = now.practice?.begins === "asked" ? WORDS.home.whose : WORDS.home.begins;
    say(asks, words);
    element.setAttribute("aria-label", words);
    element.hidden = !now.practice?.has_turns;
    for (const { partner, input } of sides) input.checked = partner === now.first;
  };
  return { element, update };
}
