/** A therapist's passphrase: chosen, given, lost, changed; and what was done meanwhile. */

import { h, linkButton, quietButton, title } from "../dom.js";
import { momentWords } from "../days.js";
import { fill, WORDS, wordsOf } from "../words.js";
import { helpLink } from "./help.js";
import { asking, chooseForm, openForm, recoverPage, swapping } from "./passphrase.js";
import { secretField } from "./secret.js";

/** @typedef {import("../app.js").App} App */

const words = WORDS.clinicLock;
/** Where there is a passphrase already, another one is chosen. */
const wordsAnew = { ...words, first: words.next };

/**
 * No book lies open: the passphrase opens it, or there is none yet, and one is chosen.
 * @param {App} app
 * @param {string} clinic `none-yet`, or `locked`
 * @param {{keyWent: boolean}} before whether a lock took a recovery key away just now
 */
export function clinicLock(app, clinic, { keyWent }) {
  const element = h("div", { class: "day narrow" });
  const swap = swapping(element);
  let isNew = clinic === "none-yet";
  let isShown = false; // a recovery key: nothing takes it away until it is written down
  let tell = (/** @type {string} */ _words) => {};
  const opened = () => {
    isShown = true;
    isNew = false;
  };
  const goOn = () => {
    isShown = false;
    if (!app.goOn()) enter(); // it was locked again meanwhile
  };
  const choose = () => {
    const asked = asking(app, words);
    tell = asked.tell;
    swap([
      title(words.newTitle),
      h("p", { class: "lead" }, words.newLead),
      chooseForm(asked, words, swap, goOn, { opened }),
      h("div", { class: "beneath links" }, helpLink()),
    ]);
  };
  const open = () => {
    const asked = asking(app, words);
    tell = asked.tell;
    const form = openForm(asked, words);
    swap([
      title(words.lockedTitle),
      h("p", { class: "lead" }, words.lockedLead),
      keyWent && h("p", {}, words.keyWent),
      form.element,
      h("div", { class: "beneath links" }, linkButton(words.forgot, recover), helpLink()),
    ]);
    form.input.focus({ preventScroll: true });
  };
  const recover = () => {
    const asked = asking(app, words);
    tell = asked.tell;
    recoverPage(asked, wordsAnew, swap, { done: goOn, opened, back: open });
  };
  const enter = () => (isNew ? choose() : open());
  enter();
  return {
    element,
    holds: () => isShown,
    showsKey: () => isShown,
    update: (/** @type {any} */ told) => {
      if (told.words) tell(told.words);
      if (isNew && told.clinic === "locked") { // chosen on another page meanwhile
        isNew = false;
        if (!isShown) enter();
      }
    },
  };
}

/**
 * Beside the couples: another passphrase, and what was done with the clinic.
 * @param {App} app
 */
export function clinicKeeping(app) {
  const inside = h("div", {});
  const swap = swapping(inside);
  let isShown = false;
  const shown = () => {
    isShown = false;
    swap([h("div", { class: "buttons" }, quietButton(words.change, choose))]);
  };
  const done = () => {
    shown();
    app.goOn();
  };
  const choose = () => {
    const old = secretField(words.old);
    swap([
      h("h2", {}, words.change),
      h("p", { class: "small" }, words.changeLead),
      chooseForm(asking(app, words), wordsAnew, swap, done, {
        first: old.element,
        fields: () => ({ old: old.input.value }),
        opened: () => {
          isShown = true;
        },
        back: shown,
      }),
    ]);
    old.input.focus({ preventScroll: true });
  };
  shown();
  const lines = h("ul", { class: "small" });
  const log = h(
    "details", { class: "aside" },
    h("summary", {}, words.log), h("p", { class: "small" }, words.logHint), lines,
  );
  /** @param {{utc: string, what: string}[]} done */
  const update = (done) => {
    log.hidden = done.length === 0;
    lines.replaceChildren(...done.map(({ utc, what }) => h("li", {}, fill(words.doneThen, {
      when: momentWords(utc), what: wordsOf(words.done, what.replaceAll(" ", "-")) ?? what,
    }))));
  };
  return { element: h("section", { class: "aside" }, inside, log), update, holds: () => isShown };
}
