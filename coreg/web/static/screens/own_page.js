/** What is only one person's own: what they wrote, and their own page of an evening. */

import { h, linkButton, mainButton, mark, quietButton, title } from "../dom.js";
import { fetchEvenings } from "../earlier.js";
import { keeping } from "../keeping.js";
import { oneSentence } from "../one_sentence.js";
import { fill, nameOf, WORDS } from "../words.js";
import { choicesLink } from "./choices.js";
import { aloneLine, handOver } from "./hand.js";
import { helpLink } from "./help.js";
import { partLink } from "./hour_parts.js";
import { ownLines } from "./own_lines.js";
import { behindPasscode, choosePage, lastHere, lockAgain } from "./passcode.js";

/** @typedef {"A"|"B"} Partner */
/** @typedef {import("./hour_parts.js").HourPart} HourPart */
/** @typedef {{id: string, isReal: boolean, parts?: HourPart[]}} Evening of an hour all of it */
/** @typedef {{partner: Partner, name: string, words: string, open: () => void}} Door */
/** @typedef {import("./passcode.js").Unlocked} Unlocked */
/** @typedef {import("../stage.js").Screen} Screen */
/** @type {Partner[]} */
const PARTNERS = ["A", "B"];

/**
 * A screen that stands aside while one of the two is with what is theirs, and comes back.
 * The ways to it look the same whatever either chose.
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {HTMLElement} shared the screen for both
 */
export function withOwnPages(app, state, shared) {
  const element = h("div", {}, shared);
  /** @type {Screen | null} */
  let alone = null;
  const back = () => {
    alone?.leave?.();
    alone = null;
    element.replaceChildren(shared);
    shared.querySelector("h1")?.focus();
  };
  /**
   * Let one of the two in, alone.
   * @param {Partner} partner
   * @param {(their: any, replace: (page: Screen) => void) => Screen} inside
   */
  const letIn = (partner, inside) => {
    const their = { ...state, turn: partner };
    const screen = handOver(
      their, (replace) => inside(their, replace), () => escape(),
      quietButton(WORDS.passcode.back, back),
    );
    alone = screen;
    element.replaceChildren(screen.element);
    screen.element.querySelector("h1")?.focus();
  };
  /** @param {Partner} partner @param {Evening | null} evening */
  const open = (partner, evening) => letIn(partner, (their, replace) =>
    evening === null || evening.isReal
      ? behindPasscode(
        app, their, replace,
        (unlocked) => ownPage(app, their, evening, unlocked, replace, back), back,
      )
      : simulatedPage(their, evening, back));
  /**
   * A page of one's own, behind the own passcode; `page` gets the way back to both.
   * @param {Partner} partner
   * @param {(their: any, back: () => void) => Screen} page
   */
  const visit = (partner, page) => letIn(partner, (their, replace) =>
    behindPasscode(app, their, replace, () => page(their, back), back));
  /** @param {Evening | null} evening all of them, where there is none */
  const doors = (evening) => PARTNERS.map((partner) => ({
    partner,
    name: nameOf(state, partner),
    words: fill(WORDS.lookBack.alone, { name: nameOf(state, partner) }),
    open: () => open(partner, evening),
  }));
  const escape = () => {
    if (alone === null) return;
    back();
    app.go("home");
  };
  const leave = () => alone?.leave?.();
  return { element, doors, visit, escape, leave };
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {Evening | null} evening
 * @param {Unlocked} unlocked
 * @param {(page: Screen) => void} replace
 * @param {() => void} back
 * @returns {Promise<Screen | null>}
 */
async function ownPage(app, state, evening, unlocked, replace, back) {
  const own = await ofOnesOwn(app, state, evening, unlocked);
  if (own === null) return null;
  const leave = () => lockAgain(app);
  const change = () => replace({
    ...choosePage(
      app, state, replace,
      (now) => ownPage(app, state, evening, now, replace, back),
      quietButton(WORDS.passcode.back, back), { isOther: true },
    ),
    leave,
  });
  const element = h(
    "div", {},
    aloneLine(state),
    title(WORDS.own.title),
    lastHere(unlocked),
    ...own,
    h("div", { class: "buttons" }, quietButton(WORDS.lookBack.back, back)),
    h(
      "div", { class: "beneath links" },
      linkButton(WORDS.passcode.change, change),
      !state.simulated && choicesLink(app, state, state.turn, WORDS.own.choices),
      helpLink(),
    ),
  );
  return { element, leave };
}

/**
 * One's own page straight after a practice: the last answer is given when it is left.
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {Evening} evening
 * @param {Unlocked} unlocked
 * @param {import("../keeping.js").Asking} last
 * @returns {Promise<Screen | null>}
 */
export async function ownLookBack(app, state, evening, unlocked, last) {
  const own = await ofOnesOwn(app, state, evening, unlocked);
  if (own === null) return null;
  const kept = keeping(app, () => null);
  const element = h(
    "div", {},
    aloneLine(state),
    title(WORDS.own.title),
    lastHere(unlocked),
    ...own,
    kept.element,
    h("div", { class: "buttons" }, mainButton(WORDS.own.done, () => { kept.send([last]); })),
    h("div", { class: "beneath" }, helpLink()),
  );
  return { ...kept, element, leave: () => lockAgain(app) };
}

/**
 * What is only one's own: how it was, before and after, first.
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {Evening | null} evening
 * @param {Unlocked} unlocked
 * @returns {Promise<(HTMLElement | null)[] | null>} nothing where it cannot be had now
 */
async function ofOnesOwn(app, state, evening, unlocked) {
  const parts = evening?.parts ?? [];
  const sessions = evening && [evening.id, ...parts.map(({ id }) => id)];
  const lines = await ownLines(app, state.turn, sessions);
  if (lines === null) return null;
  if (evening === null) {
    const over = await overEvenings(state.turn, unlocked);
    return [over, lines.wish, lines.looseEnds, lines.element];
  }
  const heart = h("div", {});
  if (isClosed(evening, unlocked)) heart.append(h("p", { class: "lead" }, WORDS.own.closed));
  else if (parts.length > 0) heart.append(...heartsOfParts(state, parts, unlocked));
  else {
    const missing = () =>
      heart.replaceChildren(h("p", { class: "lead" }, WORDS.lookBack.notSaved));
    heart.append(
      oneSentence(pathOf(evening, `said-${state.turn}`, unlocked), missing),
      h("p", { class: "small" }, tabWords(state)),
      h("div", { class: "buttons" }, heartLink(pathOf(evening, state.turn, unlocked))),
    );
  }
  return [
    lines.howItWas,
    lines.element,
    lines.looseEnds,
    h("section", { class: "part" }, h("h2", {}, parts.length > 0 ? WORDS.own.heartParts : WORDS.own.heartTitle), heart),
  ];
}

/**
 * What a tab of its own asks for: on an own phone nobody hands anything back.
 * @param {any} state
 */
const tabWords = ({ seat }) => (seat === "both" ? WORDS.own.heartLead : WORDS.own.heartLeadPhone);

/**
 * The ways to one's own heart in each part of an hour.
 * @param {any} state
 * @param {HourPart[]} parts
 * @param {Unlocked | null} unlocked
 */
function heartsOfParts(state, parts, unlocked) {
  const partner = /** @type {Partner} */ (state.turn);
  const open = parts.filter((part) => !(unlocked && isClosed(part, unlocked)));
  return [
    h("ul", { class: "list hour-parts" }, open.map((part) =>
      partLink(part, pathOf({ id: part.id, isReal: true }, partner, unlocked), mark(partner)))),
    h("p", { class: "small" }, tabWords(state)),
  ];
}

/**
 * The way to the page over all evenings, up to the newest with straps.
 * @param {Partner} partner
 * @param {Unlocked} unlocked
 */
async function overEvenings(partner, unlocked) {
  const newest = (await fetchEvenings())?.find(
    ({ id, source, practice }) =>
      source === "straps" && practice !== null && !isClosed({ id }, unlocked),
  );
  if (!newest) return null;
  const of = { id: newest.id, isReal: true };
  const path = pathOf(of, `over-${partner}`, unlocked);
  return h(
    "section", { class: "part" },
    h("h2", {}, WORDS.own.overTitle),
    h("p", { class: "lead" }, WORDS.own.overLead),
    h("div", { class: "buttons" }, heartLink(path, WORDS.own.over)),
  );
}

/**
 * Simulated people have no passcode, and nothing of their own but a heart.
 * @param {any} state
 * @param {Evening} evening
 * @param {() => void} back
 */
function simulatedPage(state, evening, back) {
  const parts = evening.parts ?? [];
  const toBoth = quietButton(WORDS.lookBack.back, back);
  return {
    element: h(
      "div", {},
      aloneLine(state),
      title(WORDS.own.heartTitle),
      ...(parts.length > 0
        ? [...heartsOfParts(state, parts, null), h("div", { class: "buttons" }, toBoth)]
        : [
          h("p", { class: "lead" }, tabWords(state)),
          h("div", { class: "buttons" }, heartLink(pathOf(evening, state.turn, null)), toBoth),
        ]),
      h("div", { class: "beneath" }, helpLink()),
    ),
  };
}

/**
 * Whether it is an evening of before a passcode was forgotten: its page stays closed.
 * @param {{id: string}} evening
 * @param {Unlocked} unlocked
 */
function isClosed({ id }, { closed_until }) {
  return closed_until !== "" && id.slice(0, closed_until.length) <= closed_until;
}

/** @param {string} href @param {string} [words] */
function heartLink(href, words = WORDS.own.heart) {
  return h("a", { class: "main", href, target: "_blank", rel: "noopener" }, words);
}

/** @param {Evening} evening @param {string} whose @param {Unlocked | null} unlocked */
function pathOf(evening, whose, unlocked) {
  const path = `/evenings/${encodeURIComponent(evening.id)}/${whose}`;
  return unlocked ? `${path}?ticket=${encodeURIComponent(unlocked.ticket)}` : path;
}
