/** A therapist's couples, while none of them is here: who is ready, and who comes in. */

import { h, linkButton, mainButton, quietButton, say, title } from "../dom.js";
import { fill, WORDS } from "../words.js";
import { heardPart } from "./heard.js";
import { stopped } from "./secret.js";

/** @typedef {"A"|"B"} Partner */

/** @type {Partner[]} */
const PARTNERS = ["A", "B"];

/** @param {import("../app.js").App} app */
export function clinicPage(app) {
  const told = h("p", { class: "small", role: "status" });
  const list = h("ul", { class: "couples" });
  const none = h("p", { class: "lead" }, WORDS.clinic.none);
  /**
   * @param {string} type
   * @param {any} fields
   */
  const ask = async (type, fields) => {
    const { why } = await app.ask(type, fields);
    say(told, why ? (why === "not-set-up" ? WORDS.clinic.notSetUp : WORDS.clinic.refused) : "");
    return !why;
  };
  const [a, b] = [nameField(WORDS.clinic.first), nameField(WORDS.clinic.second)];
  const add = async () => {
    const isIn = await ask("add-couple", { a: a.input.value, b: b.input.value });
    if (isIn) for (const field of [a, b]) field.input.value = "";
  };
  const hour = hourPart();
  const element = h(
    "div", { class: "day narrow" },
    title(WORDS.clinic.title),
    none,
    list,
    told,
    hour.element,
    h(
      "form", { class: "stack", onSubmit: stopped(add) },
      h("h2", {}, WORDS.clinic.add),
      h("p", { class: "small" }, WORDS.clinic.addHint),
      a.element, b.element,
      h("div", { class: "buttons" }, mainButton(WORDS.clinic.enter, () => {}, { type: "submit" })),
    ),
    h("div", { class: "buttons" }, quietButton(WORDS.clinic.lock, () => app.send("lock-now"))),
  );
  /** @param {any} message */
  const update = ({ couples }) => {
    none.hidden = couples.length > 0;
    list.replaceChildren(...couples.map((/** @type {any} */ couple) => line(couple, ask)));
  };
  return { element, update, hour: hour.show };
}

/** One hour, gone over: along its time, and as a note to copy. */
function hourPart() {
  const heading = h("h2", {});
  const lines = h("ol", { class: "hour" });
  const note = h("pre", { class: "note" });
  const copied = h("span", { class: "small", role: "status" });
  const copy = async () => {
    await navigator.clipboard.writeText(note.textContent ?? "").then(
      () => say(copied, WORDS.clinic.copied), () => say(copied, WORDS.clinic.notCopied),
    );
  };
  const element = h(
    "section", { class: "card", hidden: true, tabindex: "-1" },
    heading, lines,
    h("h2", {}, WORDS.clinic.note), h("p", { class: "small" }, WORDS.clinic.noteHint), note,
    h("div", { class: "buttons" }, quietButton(WORDS.clinic.copy, copy), copied),
  );
  /** @param {any} told */
  const show = (told) => {
    say(heading, fill(WORDS.clinic.hourOf, { couple: told.couple }));
    lines.replaceChildren(...told.lines.map((/** @type {string} */ one) => h("li", {}, one)));
    note.textContent = told.note.join("\n");
    say(copied, "");
    element.hidden = false;
    element.focus();
  };
  return { element, show };
}

/** @param {string} words */
function nameField(words) {
  const input = /** @type {HTMLInputElement} */ (
    h("input", { type: "text", maxlength: 40, autocomplete: "off", spellcheck: "false" })
  );
  return { element: h("label", { class: "field" }, h("span", {}, words), input), input };
}

/**
 * @param {any} couple
 * @param {(type: string, fields: any) => Promise<boolean>} ask
 */
function line(couple, ask) {
  const names = { A: couple.a, B: couple.b };
  const open = couple.may_open
    ? mainButton(
      fill(WORDS.clinic.both, { a: couple.a, b: couple.b }),
      () => ask("open-couple", { couple: couple.id }),
    )
    : h("h2", {}, fill(WORDS.clinic.both, { a: couple.a, b: couple.b }));
  const seen = PARTNERS.map((partner) =>
    quietButton(
      fill(WORDS.clinic.seenToday, { name: names[partner] }),
      () => ask("saw-alone", { couple: couple.id, partner }),
    ),
  );
  const hours = (couple.hours ?? []).map((/** @type {any} */ one) =>
    h("li", {}, linkButton(
      one.words, () => ask("review-hour", { couple: couple.id, session_id: one.id }),
    )),
  );
  const told = heardPart(names);
  told.update(couple.heard ?? []);
  return h(
    "li", {}, open, h("p", { class: "small" }, couple.words),
    h("details", {}, h("summary", {}, WORDS.clinic.alone), h("div", { class: "buttons" }, ...seen)),
    hours.length > 0 && h("details", {}, h("summary", {}, WORDS.clinic.hours), h("ul", {}, hours)),
    told.element,
  );
}
