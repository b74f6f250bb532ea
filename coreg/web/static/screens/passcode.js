/** One's own passcode, chosen or given alone: before anything that is only one's own. */

import { dateWords, momentWords, timeWords } from "../days.js";
import { h, linkButton, mainButton, quietButton, say, title } from "../dom.js";
import { fill, nameOf, otherOf, WORDS } from "../words.js";
import { confirmErase } from "./confirm.js";
import { aloneLine } from "./hand.js";
import { helpLink } from "./help.js";
import { secretField, stopped } from "./secret.js";

/** @typedef {import("../stage.js").Screen} Screen */
/** @typedef {{ticket: string, wrong_tries: number, last_utc: string, closed_until: string}} Unlocked */
/** @typedef {(page: Screen) => void} Replace */
/**
 * What comes next: null where it cannot be had now, nothing where one goes elsewhere.
 * @typedef {Screen | null | undefined} Next
 * @typedef {(unlocked: Unlocked) => Next | Promise<Next>} Then
 */

/** @type {Record<string, string>} */
const WHY = {
  "passcode-wrong": WORDS.passcode.wrong,
  "passcode-length": WORDS.passcode.tooShort,
  "passcode-easy": WORDS.passcode.easy,
  "passcode-chosen": WORDS.passcode.chosen,
  away: WORDS.hand.later,
};

/**
 * What the one who comes in should know: when they were here last, and who tried since.
 * @param {Unlocked | null} unlocked none where nobody had to be let in
 */
export function lastHere(unlocked) {
  if (!unlocked) return null;
  const { wrong_tries, last_utc } = unlocked;
  const time = momentWords(last_utc);
  return h(
    "div", { class: "plain" },
    time && h("p", { class: "small" }, fill(WORDS.passcode.last, { time })),
    wrong_tries > 0
      && h("p", { class: "needed" }, fill(WORDS.passcode.tries, { count: wrong_tries })),
  );
}

/** @param {any} state @param {"A"|"B"} partner */
export const hasPasscode = (state, partner) =>
  Boolean(state.couple?.[partner]?.passcode_utc);

/** For how long it is said: what stands there every evening is read by nobody. */
const SAID_FOR_MS = 14 * 24 * 60 * 60 * 1000;

/**
 * Since when somebody has one, and their name: whoever chose neither writes nothing to
 * whoever did. Said for two weeks after either.
 * @param {any} state
 * @param {"A"|"B"} partner
 */
export function passcodeSince(state, partner) {
  const { passcode_utc, renamed_utc, before } = state.couple?.[partner] ?? {};
  const chosen = new Date(passcode_utc ?? NaN);
  const renamed = new Date(renamed_utc ?? NaN);
  const isNamedAnew = isRecent(renamed);
  if (!isNamedAnew && !isRecent(chosen)) return null;
  const name = nameOf(state, partner);
  const words = [
    fill(WORDS.passcode.since, { time: dateWords(passcode_utc ?? null) }),
    isNamedAnew && fill(WORDS.passcode.renamed, { name, day: dateWords(renamed_utc), before }),
  ];
  return h("div", {}, words.map((each) => each && h("p", { class: "small" }, each)));
}

/** @param {Date} at */
const isRecent = (at) => Date.now() - at.getTime() < SAID_FOR_MS;

/**
 * What is behind a passcode: it is asked for first, or chosen where there is none yet.
 * @param {import("../app.js").App} app
 * @param {any} state whose turn it is
 * @param {Replace} replace
 * @param {Then} then builds what is behind it
 * @param {() => void} back
 * @returns {Screen}
 */
export function behindPasscode(app, state, replace, then, back) {
  return hasPasscode(app.state, state.turn)
    ? enterPage(app, state, replace, then, back)
    : choosePage(app, state, replace, then, quietButton(WORDS.passcode.back, back));
}

/**
 * Lock whatever this page unlocked.
 * @param {import("../app.js").App} app
 */
export const lockAgain = (app) => app.send("lock-again");

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {Replace} replace
 * @param {Then} then
 * @param {HTMLElement} other a way on without one
 * @param {{isOther?: boolean}} [how] whether it comes in the place of another one
 * @returns {Screen}
 */
export function choosePage(app, state, replace, then, other, how = {}) {
  const partner = state.turn;
  const old = how.isOther ? secretField(WORDS.passcode.old) : null;
  const first = secretField(WORDS.passcode.first);
  const second = secretField(WORDS.passcode.second);
  const asked = asking(app, "choose-passcode", replace, then);
  const done = () => {
    const passcode = first.input.value;
    if (passcode !== second.input.value) asked.tell(WORDS.passcode.differ, second.input);
    else asked.send({ partner, passcode, ...(old && { old: old.input.value }) }, first.input);
  };
  const element = h(
    "div", {},
    aloneLine(state),
    title(WORDS.passcode.chooseTitle),
    h("p", { class: "lead" }, WORDS.passcode.chooseLead),
    h(
      "form", { class: "stack passcode", onSubmit: stopped(done) },
      h("p", {}, WORDS.passcode.chooseHint),
      old && old.element,
      first.element, second.element, asked.told,
      h(
        "div", { class: "buttons" },
        mainButton(WORDS.passcode.keep, () => {}, { type: "submit" }), other,
      ),
    ),
    h(
      "div", { class: "plain small" },
      h("p", {}, WORDS.passcode.lost),
      h("p", {}, state.lock === "locked" ? WORDS.passcode.truthLocked : WORDS.passcode.truth),
    ),
    h("div", { class: "beneath" }, helpLink()),
  );
  return { element, leave: () => lockAgain(app) };
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {Replace} replace
 * @param {Then} then
 * @param {() => void} back
 * @returns {Screen}
 */
function enterPage(app, state, replace, then, back) {
  const partner = state.turn;
  const { element: field, input } = secretField(WORDS.passcode.own);
  const asked = asking(app, "enter-passcode", replace, then);
  const open = () => asked.send({ partner, passcode: input.value }, input);
  // What was agreed to went with it: that is asked next.
  const asked_anew = () => {
    app.go("consent", partner);
    return undefined;
  };
  const isAsked = app.state.screen === "consent";
  const again = () => replace(choosePage(
    app, state, replace, isAsked ? then : asked_anew, quietButton(WORDS.passcode.back, back),
  ));
  const element = h(
    "div", {},
    aloneLine(state),
    title(WORDS.passcode.enterTitle),
    h(
      "form", { class: "stack passcode", onSubmit: stopped(open) },
      field, asked.told,
      h(
        "div", { class: "buttons" },
        mainButton(WORDS.passcode.enter, () => {}, { type: "submit" }),
        quietButton(WORDS.passcode.back, back),
      ),
    ),
    h(
      "div", { class: "beneath links" },
      !app.state.block // in a practice it would end the saving for both
        && linkButton(WORDS.passcode.forgot, () => askForget(app, state, asked.tell, again)),
      helpLink(),
    ),
  );
  return { element, leave: () => lockAgain(app) };
}

/**
 * Ask for somebody's passcode before all that is theirs is erased, and erase it.
 * @param {import("../app.js").App} app
 * @param {"A"|"B"} partner
 * @param {{title: string, lead: string[]}} words
 * @param {(words: string) => void} tell
 */
export function eraseOwn(app, partner, words, tell) {
  const erase = () => void app.send("erase", { what: "partner", partner, confirm: "erase" });
  if (!hasPasscode(app.state, partner)) {
    confirmErase({ ...words, typed: true, yes: erase });
    return;
  }
  const name = nameOf(app.state, partner);
  const { element, input } = secretField(fill(WORDS.passcode.of, { name }));
  const state = { ...app.state, turn: partner };
  confirmErase({
    ...words,
    typed: true,
    proof: {
      element,
      forgot: () => askForget(app, state, tell, () => {}),
    },
    yes: async () => {
      const given = { partner, passcode: input.value };
      const { isTaken, why, wait_s } = await app.ask("enter-passcode", given);
      input.value = "";
      if (!isTaken) return whyWords(why, wait_s);
      erase();
      return "";
    },
  });
}

/**
 * A question to the server that opens what is behind it, or says why not.
 * @param {import("../app.js").App} app
 * @param {string} type
 * @param {Replace} replace
 * @param {Then} then
 */
function asking(app, type, replace, then) {
  const told = h("p", { class: "needed", "aria-live": "polite" });
  let isBusy = false;
  /** @param {string} words @param {HTMLElement} [input] */
  const tell = (words, input) => {
    say(told, words);
    input?.focus();
  };
  /** @param {Record<string, string>} fields @param {HTMLInputElement} input */
  const send = async (fields, input) => {
    if (isBusy) return;
    isBusy = true;
    tell("");
    const { isTaken, why, unlocked, wait_s } = await app.ask(type, fields);
    isBusy = false;
    const page = isTaken && unlocked ? await then(unlocked) : null;
    if (page) replace(page);
    else if (page === null) {
      tell(whyWords(isTaken ? "" : why, wait_s), input);
      input.value = "";
    }
  };
  return { told, tell, send };
}

/** @param {string} why @param {number | null} wait_s */
function whyWords(why, wait_s) {
  if (wait_s) {
    const time = timeWords(Date.now() + wait_s * 1000 + 59_999); // the minute after it
    return fill(WORDS.passcode.wait, { time });
  }
  return Object.hasOwn(WHY, why) ? WHY[why] : WORDS.passcode.unkept;
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {(words: string) => void} tell
 * @param {() => void} again chooses a new one
 */
function askForget(app, state, tell, again) {
  const partner = state.turn;
  const name = nameOf(state, otherOf(partner));
  confirmErase({
    title: WORDS.passcode.forgetTitle,
    lead: [WORDS.passcode.forgetLead, fill(WORDS.passcode.forgetOther, { name })],
    typed: true,
    yes: async () => {
      const { isTaken } = await app.ask("forget-passcode", { partner, confirm: "erase" });
      if (isTaken) again();
      else tell(WORDS.passcode.unkept);
    },
  });
}
