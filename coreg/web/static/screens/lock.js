/** The passphrase of both: chosen, changed, given up, and given to open what is locked. */

import { h, linkButton, mainButton, quietButton, title } from "../dom.js";
import { WORDS } from "../words.js";
import { helpLink } from "./help.js";
import { asking, chooseForm, openForm, recoverPage, swapping } from "./passphrase.js";
import { secretField, stopped } from "./secret.js";

/** @typedef {import("../app.js").App} App */

/**
 * First use: both choose a passphrase, or say that they want none.
 * @param {App} app
 * @param {any} state
 */
export function lock(app, state) {
  const element = h("div", { class: "day narrow" });
  const swap = swapping(element);
  let isShown = false; // a recovery key: nothing takes it away until it is written down
  const toHome = () => {
    isShown = false;
    app.go("home");
    app.goOn();
  };
  if (state.lock === "locked") {
    swap([
      title(WORDS.lock.isTitle),
      h("p", { class: "lead" }, WORDS.lock.isLead),
      h("div", { class: "buttons" }, mainButton(WORDS.lock.go, toHome)),
    ]);
    return { element };
  }
  const asked = asking(app, WORDS.lock);
  swap([
    title(WORDS.lock.title),
    h("p", { class: "lead" }, WORDS.lock.lead),
    chooseForm(asked, WORDS.lock, swap, toHome, {
      opened: () => {
        isShown = true;
      },
    }),
    h(
      "div", { class: "plain" },
      linkButton(WORDS.lock.none, () => asked.send("no-lock", {}, () => {})),
    ),
    h("div", { class: "beneath" }, helpLink()),
  ]);
  return { element, holds: () => isShown, showsKey: () => isShown };
}

/**
 * Everything is locked: the passphrase opens it, or the recovery key.
 * @param {App} app
 * @param {{keyWent: boolean}} before whether a lock took a recovery key away just now
 */
export function locked(app, { keyWent }) {
  const element = h("div", { class: "day narrow" });
  const swap = swapping(element);
  let isShown = false; // a recovery key, which is shown this once
  let tell = (/** @type {string} */ _words) => {};
  const enter = () => {
    const asked = asking(app, WORDS.lock);
    tell = asked.tell;
    const form = openForm(asked, WORDS.lock);
    swap([
      title(WORDS.lock.lockedTitle),
      h("p", { class: "lead" }, WORDS.lock.lockedLead),
      keyWent && h("p", {}, WORDS.lock.keyWent),
      form.element,
      h("div", { class: "beneath links" }, linkButton(WORDS.lock.forgot, recover), helpLink()),
    ]);
    form.input.focus({ preventScroll: true });
  };
  const recover = () => {
    const asked = asking(app, WORDS.lock);
    tell = asked.tell;
    const done = () => {
      isShown = false;
      if (!app.goOn()) enter(); // it was locked again meanwhile
    };
    const opened = () => {
      isShown = true;
    };
    recoverPage(asked, WORDS.lock, swap, { done, opened, back: enter });
  };
  enter();
  return {
    element,
    holds: () => isShown,
    showsKey: () => isShown,
    update: (/** @type {any} */ { words }) => words && tell(words),
  };
}

/**
 * In Settings: whether it is locked, and what can be done about that.
 * @param {App} app
 */
export function lockPart(app) {
  const element = h("div", {});
  const swap = swapping(element);
  const shown = () => {
    const isLocked = app.state.lock === "locked";
    swap([
      h("p", { class: "lead" }, isLocked ? WORDS.lock.isLocked : WORDS.lock.isOpen),
      h(
        "div", { class: "buttons" },
        isLocked && quietButton(WORDS.lock.now, () => app.send("lock-now")),
        quietButton(isLocked ? WORDS.lock.change : WORDS.lock.choose, () => choose(isLocked)),
        isLocked && linkButton(WORDS.lock.off, giveUp),
      ),
    ]);
  };
  /** @param {boolean} isLocked */
  const choose = (isLocked) => {
    const old = secretField(WORDS.lock.old);
    swap([
      h("p", {}, WORDS.lock.together),
      chooseForm(asking(app, WORDS.lock), WORDS.lock, swap, shown, {
        first: isLocked && old.element,
        fields: () => /** @type {Record<string, string>} */ (
          isLocked ? { old: old.input.value } : {}
        ),
        back: shown,
      }),
    ]);
  };
  const giveUp = () => {
    const asked = asking(app, WORDS.lock);
    const old = secretField(WORDS.lock.old);
    const off = () => {
      asked.send("no-lock", { passphrase: old.input.value }, shown, old.input);
    };
    swap([
      h("p", {}, WORDS.lock.offLead),
      h(
        "form", { class: "stack passcode passphrase", onSubmit: stopped(off) },
        old.element, asked.told,
        h(
          "div", { class: "buttons" },
          quietButton(WORDS.lock.keep, shown),
          mainButton(WORDS.lock.offYes, () => {}, { type: "submit" }),
        ),
      ),
    ]);
  };
  shown();
  return element;
}
