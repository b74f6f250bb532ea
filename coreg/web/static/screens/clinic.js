/**
 * A therapist's couples, while none of them is here: who is ready, and who comes in.
 *
 * Whoever came last stands first, and a few letters of a name find anybody: an hour
 * begins with two people waiting at the door. One of a couple's hours takes the page to
 * itself, so that it is never read beside the names of others.
 */

import { h, linkButton, mainButton, quietButton, say, title } from "../dom.js";
import { fill, WORDS } from "../words.js";
import { hourPicture } from "../hour_line.js";
import { beatsPart } from "./clinic_beats.js";
import { homePlanPart, labelsPart } from "./clinic_couple.js";
import { clinicKeeping } from "./clinic_lock.js";
import { heardPart } from "./heard.js";
import { helpLink } from "./help.js";
import { stopped } from "./secret.js";

/** @typedef {"A"|"B"} Partner */
/** @typedef {(type: string, fields: any, done?: string) => Promise<boolean>} Ask */

/** @type {Partner[]} */
const PARTNERS = ["A", "B"];
const SEEN_AT_A_GLANCE = 5; // more couples than this are looked for by name

/** @param {import("../app.js").App} app */
export function clinicPage(app) {
  const told = h("p", { class: "small telling", "aria-live": "polite" });
  /**
   * @param {HTMLElement} place what is said of it stands beside what was pressed
   * @returns {Ask}
   */
  const asking = (place) => async (type, fields, done = "") => {
    const { why } = await app.ask(type, fields);
    say(place, why ? (why === "not-set-up" ? WORDS.clinic.notSetUp : WORDS.clinic.refused) : done);
    return !why;
  };
  const ask = asking(told);
  const heading = title(WORDS.clinic.title);
  const list = coupleList(ask);
  const add = addForm(ask);
  const labels = labelsPart(ask);
  const keeping = clinicKeeping(app);
  const all = h(
    "div", {},
    heading, list.find, told, list.element, add, labels.element,
    h(
      "div", { class: "buttons" },
      quietButton(WORDS.clinic.lock, () => app.send("lock-now")), helpLink(),
    ),
    keeping.element,
  );
  const hour = hourPart(asking, () => back());
  const plan = homePlanPart(asking, () => back());
  const element = h("div", { class: "day narrow clinic" }, all, hour.element, plan.element);
  /** @param {HTMLElement} part what stands here alone: one couple's, or all of them */
  const turnTo = (part) => {
    for (const each of [all, hour.element, plan.element]) each.hidden = each !== part;
    window.scrollTo(0, 0);
  };
  const back = () => {
    turnTo(all);
    say(told, "");
    hour.forget();
    plan.forget();
    if (!list.focusLast()) heading.focus();
  };
  return {
    element,
    update: (/** @type {any} */ { couples, labels: said, log }) => {
      labels.update(said ?? []);
      keeping.update(log ?? []);
      list.update(couples);
    },
    /** @param {any} one */
    hour: (one) => {
      hour.show(one, list.wordsOf(one.session_id), list.coupleOf(one.session_id));
      turnTo(hour.element);
      hour.heading.focus();
    },
    editor: hour.editor,
    /** @param {any} told */
    homePlan: (told) => {
      plan.show(told);
      turnTo(plan.element);
      plan.heading.focus();
    },
    escape: () => (all.hidden ? back() : list.forget()),
    holds: keeping.holds,
    showsKey: keeping.holds,
  };
}

/**
 * The couples, and a field that finds one of many.
 * @param {Ask} ask
 */
function coupleList(ask) {
  const input = /** @type {HTMLInputElement} */ (
    h("input", {
      type: "text", autocomplete: "off", spellcheck: "false", maxlength: 80,
      onInput: () => narrow(),
    })
  );
  const none = h("p", { class: "lead", "aria-live": "polite" });
  const list = h("ul", { class: "couples" });
  /** @type {Map<string, ReturnType<typeof coupleLine>>} */
  const lines = new Map();
  /** @type {any[]} */
  let couples = [];
  const find = h(
    "form", { class: "find", onSubmit: stopped(() => openFirst()) },
    h("label", { class: "field" }, h("span", {}, WORDS.clinic.find), input),
  );
  const isFound = (/** @type {any} */ { a, b }) => {
    const names = `${a} ${b}`.toLocaleLowerCase();
    return input.value.toLocaleLowerCase().split(/[\s&]+/).every((part) => names.includes(part));
  };
  const narrow = () => {
    const found = couples.filter(isFound);
    for (const couple of couples) {
      const line = lines.get(couple.id);
      if (line) line.element.hidden = !found.includes(couple);
    }
    say(none, couples.length === 0 ? WORDS.clinic.none : found.length === 0 ? WORDS.clinic.findNone : "");
  };
  const openFirst = () => {
    const first = couples.filter(isFound)[0];
    if (first && input.value.trim()) lines.get(first.id)?.enter();
  };
  const forget = () => {
    input.value = "";
    narrow();
  };
  return {
    find,
    element: h("div", {}, none, list),
    forget,
    /** @param {any[]} told */
    update(told) {
      couples = told;
      const focused = document.activeElement;
      for (const [id, line] of lines) {
        if (couples.some((couple) => couple.id === id)) continue;
        line.element.remove();
        lines.delete(id);
      }
      couples.forEach((couple, i) => {
        const line = lines.get(couple.id) ?? coupleLine(ask);
        lines.set(couple.id, line);
        line.update(couple);
        if (list.children[i] !== line.element) list.insertBefore(line.element, list.children[i] ?? null);
      });
      // What is moved loses the focus, and whoever works with the keyboard the place.
      if (focused instanceof HTMLElement && focused !== document.activeElement) focused.focus();
      find.hidden = couples.length <= SEEN_AT_A_GLANCE;
      if (find.hidden) input.value = "";
      narrow();
    },
    /** @param {string} id of an hour */
    wordsOf: (id) => [...lines.values()].map((line) => line.hourWords(id)).find(Boolean) ?? "",
    /** @param {string} id of an hour */
    coupleOf: (id) => couples.find(({ hours }) => hours.some((/** @type {any} */ one) => one.id === id))?.id ?? "",
    focusLast: () => [...lines.values()].some((line) => line.focusLast()),
  };
}

/**
 * One couple: their names lead in; beneath, how ready they are, and two parts to unfold.
 * @param {Ask} ask
 */
function coupleLine(ask) {
  const heading = h("h2", {});
  const words = h("p", { class: "small" });
  const cameLast = h("p", { class: "small" });
  const seen = h("div", { class: "buttons" });
  const hours = h("ul", {});
  const past = h("details", {}, h("summary", {}, WORDS.clinic.hours), hours);
  const heard = h("div", {});
  /** @type {any} */
  let couple = {};
  /** @type {HTMLElement | null} what was looked at last */
  let last = null;
  const open = () => ask("open-couple", { couple: couple.id });
  const hold = quietButton("", () => ask("hold-back", { couple: couple.id, on: !couple.held_back }));
  const plan = linkButton(WORDS.clinic.plan.show, () => {
    last = plan;
    ask("show-home-plan", { couple: couple.id });
  });
  const element = h(
    "li", {},
    heading, h("div", { class: "state" }, words, cameLast),
    h(
      "div", { class: "folds" },
      h(
        "details", {}, h("summary", {}, WORDS.clinic.alone), seen,
        h("div", { class: "buttons" }, hold), h("p", { class: "small" }, WORDS.clinic.holdHint),
      ),
      past, heard, plan,
    ),
  );
  /** @param {any} one */
  const hourLine = (one) => {
    const link = linkButton(one.words, () => {
      last = link;
      ask("review-hour", { couple: couple.id, session_id: one.id });
    });
    return h("li", {}, link);
  };
  let shown = "";
  return {
    element,
    enter: open,
    /** @param {any} told */
    update(told) {
      if (JSON.stringify(told) === shown) return; // what has the focus stays there
      shown = JSON.stringify(told);
      const names = fill(WORDS.clinic.both, { a: told.a, b: told.b });
      const isRenamed = heading.textContent !== names;
      if (isRenamed || told.may_open !== couple.may_open) {
        heading.replaceChildren(
          told.may_open ? h("button", { type: "button", class: "door", onClick: open }, names) : names,
        );
      }
      const saidAlone = heardPart({ A: told.a, B: told.b });
      saidAlone.update(told.heard ?? []);
      heard.replaceChildren(saidAlone.element);
      if (isRenamed) seen.replaceChildren(...PARTNERS.map((partner) => seenButton(told, partner, ask)));
      couple = told;
      say(hold, told.held_back ? WORDS.clinic.letGo : WORDS.clinic.hold);
      plan.setAttribute("aria-label", fill(WORDS.clinic.plan.of, { couple: names }));
      say(words, told.words);
      const newest = told.hours[0];
      say(cameLast, newest ? fill(WORDS.clinic.last, { hour: newest.words }) : "");
      cameLast.hidden = !newest;
      past.hidden = !newest;
      hours.replaceChildren(...told.hours.map(hourLine));
    },
    /** @param {string} id */
    hourWords: (id) => couple.hours?.find((/** @type {any} */ one) => one.id === id)?.words,
    focusLast() {
      last?.focus();
      const isFocused = last !== null && document.activeElement === last;
      last = null;
      return isFocused;
    },
  };
}

/**
 * @param {any} couple
 * @param {Partner} partner
 * @param {Ask} ask
 */
function seenButton(couple, partner, ask) {
  const name = { A: couple.a, B: couple.b }[partner];
  return quietButton(
    fill(WORDS.clinic.seenToday, { name }),
    () => ask("saw-alone", { couple: couple.id, partner }, fill(WORDS.clinic.saw, { name })),
  );
}

/** @param {Ask} ask */
function addForm(ask) {
  const [a, b] = [nameField(WORDS.clinic.first), nameField(WORDS.clinic.second)];
  const add = async () => {
    const names = { a: a.input.value, b: b.input.value };
    const isIn = await ask("add-couple", names, fill(WORDS.clinic.added, names));
    if (isIn) for (const field of [a, b]) field.input.value = "";
  };
  return h(
    "section", { class: "part" },
    h("h2", {}, WORDS.clinic.add),
    h("p", { class: "small" }, WORDS.clinic.addHint),
    h(
      "form", { onSubmit: stopped(add) },
      h("div", { class: "pair" }, a.element, b.element),
      h("div", { class: "buttons" }, quietButton(WORDS.clinic.enter, () => {}, { type: "submit" })),
    ),
  );
}

/**
 * One hour, gone over: along its time, its heartbeats, and as a note to copy.
 * @param {(place: HTMLElement) => Ask} asking
 * @param {() => void} leave
 */
function hourPart(asking, leave) {
  const heading = title("");
  const which = h("p", { class: "lead" });
  const picture = h("div", {});
  const lines = h("ol", { class: "hour", role: "list" });
  const note = h("pre", { class: "note", tabindex: "-1" });
  const copied = h("span", { class: "small", "aria-live": "polite" });
  const copy = async () => {
    await navigator.clipboard.writeText(note.textContent ?? "").then(
      () => say(copied, WORDS.clinic.copied), () => say(copied, WORDS.clinic.notCopied),
    );
  };
  const beats = beatsPart(asking);
  const element = h(
    "div", { hidden: true },
    heading, which, h("p", { class: "small" }, WORDS.clinic.eyesOnly),
    picture, lines, beats.element,
    h(
      "section", { class: "part" },
      h("h2", {}, WORDS.clinic.note), h("p", { class: "small" }, WORDS.clinic.noteHint), note,
      h("div", { class: "buttons" }, quietButton(WORDS.clinic.copy, copy), copied),
    ),
    h(
      "div", { class: "buttons" },
      mainButton(WORDS.clinic.leave, leave), helpLink(),
    ),
  );
  return {
    element,
    heading,
    /**
     * @param {any} told
     * @param {string} words when it was and what was practised
     * @param {string} couple whose it is
     */
    show(told, words, couple) {
      say(heading, told.couple);
      say(which, words);
      picture.replaceChildren(...(told.line ? [hourPicture(told.line)] : []));
      lines.replaceChildren(...told.lines.map(hourLine));
      note.textContent = told.note.join("\n");
      say(copied, "");
      beats.show(told.correctable, couple);
    },
    editor: beats.opened,
    /** Nothing of it stays in the page that lists others. */
    forget() {
      for (const each of [heading, which, note]) say(each, "");
      for (const each of [picture, lines]) each.replaceChildren();
      beats.show([], "");
    },
  };
}

/**
 * A line of an hour; what happened at a moment has that moment in a column of its own.
 * @param {string} words
 */
function hourLine(words) {
  const [, at, what] = /^\s*([\d:]+)\s{2}(.*)$/.exec(words) ?? [];
  if (!at) return h("li", { class: "whole" }, words.trim());
  return h("li", {}, h("span", { class: "small" }, at), h("span", {}, what));
}

/** @param {string} words */
function nameField(words) {
  const input = /** @type {HTMLInputElement} */ (
    h("input", { type: "text", maxlength: 40, autocomplete: "off", spellcheck: "false" })
  );
  return { element: h("label", { class: "field" }, h("span", {}, words), input), input };
}
