/**
 * What a therapist settles for a couple from the list: their plan for home, and what the
 * keys 1 to 5 stand for in every hour.
 */

import { h, mainButton, quietButton, say, title } from "../dom.js";
import { fill, WORDS } from "../words.js";
import { helpLink } from "./help.js";
import { stopped } from "./secret.js";

/** @typedef {(type: string, fields: any) => Promise<boolean>} Ask */

/**
 * A couple's plan for home: what it is, what came of it, and a form for another one.
 * @param {(place: HTMLElement) => Ask} asking
 * @param {() => void} leave
 */
export function homePlanPart(asking, leave) {
  const heading = title("");
  const told = h("p", { class: "small telling", "aria-live": "polite" });
  const ask = asking(told);
  const plan = h("div", { class: "home-plan" });
  const element = h(
    "div", { hidden: true },
    heading, plan, told,
    h("div", { class: "buttons" }, quietButton(WORDS.clinic.leave, leave), helpLink()),
  );
  /** @param {any} told */
  const show = (told) => {
    const form = planForm(told, ask);
    const end = quietButton(
      WORDS.clinic.plan.end, () => ask("end-home-plan", { couple: told.couple }),
    );
    say(heading, fill(WORDS.clinic.plan.of, { couple: told.called }));
    plan.replaceChildren(
      h("p", {}, told.words || WORDS.clinic.plan.none),
      ...(told.words ? [h("p", { class: "small" }, told.why)] : []),
      ...told.came.map((/** @type {string} */ line) => h("p", { class: "small" }, line)),
      ...(told.words ? [h("div", { class: "buttons" }, end)] : []),
      form,
    );
  };
  /** Nothing of it stays in the page that lists others. */
  const forget = () => {
    for (const each of [heading, told]) say(each, "");
    plan.replaceChildren();
  };
  return { element, heading, show, forget };
}

/**
 * @param {any} told
 * @param {Ask} ask
 */
function planForm(told, ask) {
  const practice = /** @type {HTMLSelectElement} */ (h(
    "select", { id: "plan-practice" },
    told.practices.map((/** @type {any} */ each) => h("option", { value: each.name }, each.title)),
  ));
  const times = input("plan-times", { type: "number", min: 1, value: 3, required: true });
  const until = input("plan-until", {
    type: "date", min: told.today, max: told.latest, value: told.usual, required: true,
  });
  const why = input("plan-why", { type: "text", maxlength: 200, required: true, autocomplete: "off" });
  const limit = () => {
    const chosen = told.practices.find((/** @type {any} */ each) => each.name === practice.value);
    const most = chosen?.most_a_week ?? 1;
    times.max = String(most);
    if (Number(times.value) > most) times.value = String(most);
    say(hint, most === 1 ? WORDS.clinic.plan.harder : "");
  };
  const hint = h("p", { class: "small", "aria-live": "polite" });
  practice.addEventListener("change", limit);
  limit();
  const keep = () => ask("keep-home-plan", {
    couple: told.couple,
    practice: practice.value,
    times_a_week: Number(times.value),
    until: until.value,
    why: why.value,
  });
  return h(
    "form", { class: "stack", onSubmit: stopped(keep) },
    h("h2", {}, told.words ? WORDS.clinic.plan.another : WORDS.clinic.plan.make),
    labelled(WORDS.clinic.plan.practice, practice), hint,
    labelled(WORDS.clinic.plan.times, times),
    labelled(WORDS.clinic.plan.until, until),
    labelled(WORDS.clinic.plan.why, why),
    h("p", { class: "small" }, WORDS.clinic.plan.hint),
    h("div", { class: "buttons" }, mainButton(WORDS.clinic.plan.keep, () => {}, { type: "submit" })),
  );
}

/**
 * What each of the keys 1 to 5 stands for; a field that is left is kept.
 * @param {Ask} ask
 */
export function labelsPart(ask) {
  const fields = [1, 2, 3, 4, 5].map((key) => input(`label-${key}`, {
    type: "text", maxlength: 60, autocomplete: "off",
    onChange: () => ask("label-mark", { key, words: field(key).value }),
  }));
  const field = (/** @type {number} */ key) => /** @type {HTMLInputElement} */ (fields[key - 1]);
  const element = h(
    "details", { class: "labels" }, h("summary", {}, WORDS.clinic.labels),
    h("p", { class: "small" }, WORDS.clinic.labelsHint),
    h("div", { class: "stack" }, fields.map((each, i) =>
      labelled(fill(WORDS.clinic.label, { key: i + 1 }), each),
    )),
  );
  /** @param {string[]} labels */
  const update = (labels) => {
    fields.forEach((each, i) => {
      if (document.activeElement !== each) each.value = labels[i] ?? "";
    });
  };
  return { element, update };
}

/**
 * @param {string} id
 * @param {Record<string, any>} given
 */
function input(id, given) {
  return /** @type {HTMLInputElement} */ (h("input", { id, ...given }));
}

/**
 * @param {string} words
 * @param {HTMLElement} field
 */
function labelled(words, field) {
  return h("div", { class: "field" }, h("label", { for: field.id }, words), field);
}
