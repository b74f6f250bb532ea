/** A passphrase asked for on a page, whoever's it is: what both pages of a lock share. */

import { h, linkButton, mainButton, quietButton, say, title } from "../dom.js";
import { WORDS } from "../words.js";
import { helpLink } from "./help.js";
import { secretField, stopped } from "./secret.js";

/** @typedef {import("../app.js").App} App */
/** @typedef {import("../app.js").Answer} Answer */
/** @typedef {Omit<typeof WORDS.lock, "own"> | typeof WORDS.clinicLock} Words */

/**
 * Why it came to nothing, in the words for whoever is asked.
 * @param {Words} words
 * @returns {Record<string, string>}
 */
const whyOf = (words) => ({
  "passphrase-wrong": words.wrong,
  "passphrase-short": words.tooShort,
  "passphrase-easy": words.easy,
  "recovery-slip": words.slip,
  "recovery-wrong": words.otherKey,
  "passphrase-long": words.tooLong,
  "passphrase-chosen": words.chosen,
  "too-fast": words.tooFast,
  away: "away" in words ? words.away : WORDS.hand.later,
  ...("stays" in words && { "lock-stays": words.stays, practising: words.practising }),
  ...("notNow" in words && { "not-now": words.notNow }),
});

/**
 * A question to the server, one at a time, and why it came to nothing.
 * @param {App} app
 * @param {Words} words
 */
export function asking(app, words) {
  const told = h("p", { class: "needed", "aria-live": "polite" });
  const why = whyOf(words);
  let isBusy = false;
  /** @param {string} text @param {HTMLElement} [input] */
  const tell = (text, input) => {
    say(told, text);
    input?.focus();
  };
  /**
   * @param {string} type
   * @param {Record<string, string>} fields
   * @param {(answer: Answer) => void} then
   * @param {HTMLInputElement} [input] is gone back to where it was not taken
   */
  const send = async (type, fields, then, input) => {
    if (isBusy) return;
    isBusy = true;
    tell(words.working);
    const answer = await app.ask(type, fields);
    isBusy = false;
    if (answer.isTaken) {
      then(answer);
      return;
    }
    tell(Object.hasOwn(why, answer.why) ? why[answer.why] ?? "" : words.unkept, input);
  };
  return { told, tell, send };
}

/**
 * Two fields and a button; what comes of them is a recovery key.
 * @param {ReturnType<typeof asking>} asked
 * @param {Words} words
 * @param {(inside: any[]) => void} swap
 * @param {() => void} done once the key is written down
 * @param {object} how
 * @param {string} [how.type] of the message
 * @param {string} [how.button] what is on it
 * @param {HTMLElement | false} [how.first] what is asked before
 * @param {() => Record<string, string>} [how.fields] and what it says
 * @param {() => void} [how.opened] there is a key to be shown
 * @param {() => void} [how.back]
 */
export function chooseForm(asked, words, swap, done, how) {
  const { type = "choose-passphrase", button, first, fields, opened, back } = how;
  const one = secretField(words.first);
  const two = secretField(words.second);
  const send = () => {
    if (one.input.value !== two.input.value) {
      asked.tell(words.differ, two.input);
      return;
    }
    const given = { passphrase: one.input.value, ...fields?.() };
    asked.send(type, given, ({ recovery_key }) => {
      opened?.();
      swap(recoveryKey(words, recovery_key ?? "", done));
    }, one.input);
  };
  return h(
    "form", { class: "stack passcode passphrase", onSubmit: stopped(send) },
    first ?? null,
    h("p", {}, words.hint),
    one.element, two.element, asked.told,
    h(
      "div", { class: "buttons" },
      mainButton(button ?? words.lockIt, () => {}, { type: "submit" }),
      back && quietButton(words.back, back),
    ),
  );
}

/**
 * One field and a button: the passphrase opens what is locked.
 * @param {ReturnType<typeof asking>} asked
 * @param {Words & {own: string}} words
 */
export function openForm(asked, words) {
  const passphrase = secretField(words.own);
  const open = () => {
    asked.send("unlock", { passphrase: passphrase.input.value }, () => {}, passphrase.input);
  };
  const element = h(
    "form", { class: "stack passcode passphrase", onSubmit: stopped(open) },
    passphrase.element, asked.told,
    h("div", { class: "buttons" }, mainButton(words.open, () => {}, { type: "submit" })),
  );
  return { element, input: passphrase.input };
}

/**
 * The recovery key and another passphrase, on a page of its own.
 * @param {ReturnType<typeof asking>} asked
 * @param {Words} words
 * @param {(inside: any[]) => void} swap
 * @param {{done: () => void, opened: () => void, back: () => void}} how
 */
export function recoverPage(asked, words, swap, { done, opened, back }) {
  const paper = textField(words.recoveryKey);
  swap([
    title(words.recoverTitle),
    h("p", { class: "lead" }, words.recoverLead),
    chooseForm(asked, words, swap, done, {
      type: "recover",
      button: words.open,
      first: paper.element,
      fields: () => ({ recovery_key: paper.input.value }),
      opened,
    }),
    h("p", { class: "small beneath" }, words.neither),
    h("div", { class: "beneath links" }, linkButton(words.back, back), helpLink()),
  ]);
  paper.input.focus({ preventScroll: true });
}

/**
 * @param {Words} words
 * @param {string} key
 * @param {() => void} done
 */
function recoveryKey(words, key, done) {
  return [
    title(words.keyTitle),
    h("p", { class: "lead" }, words.keyLead),
    h("p", { class: "recovery-key" }, key.split("-").map((group) => h("span", {}, group))),
    h("p", {}, words.keyTruth),
    h("div", { class: "buttons" }, mainButton(words.keyDone, done)),
    h("div", { class: "beneath" }, helpLink()),
  ];
}

/** @param {HTMLElement} element */
export function swapping(element) {
  /** @param {any[]} inside */
  return (inside) => {
    element.replaceChildren(...inside.filter(Boolean));
    element.querySelector("h1")?.focus({ preventScroll: true });
  };
}

/** @param {string} words */
function textField(words) {
  const input = /** @type {HTMLInputElement} */ (
    h("input", {
      type: "text", maxlength: 100, autocomplete: "off",
      autocapitalize: "characters", autocorrect: "off", spellcheck: "false",
    })
  );
  return { element: h("label", { class: "field" }, h("span", {}, words), input), input };
}
