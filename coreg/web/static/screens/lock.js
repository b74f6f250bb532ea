/** The passphrase of both: chosen, changed, given up, and given to open what is locked. */

import { h, linkButton, mainButton, quietButton, say, title } from "../dom.js";
import { WORDS } from "../words.js";
import { helpLink } from "./help.js";
import { secretField, stopped } from "./secret.js";

/** @typedef {import("../app.js").App} App */
/** @typedef {import("../app.js").Answer} Answer */

/** @type {Record<string, string>} */
const WHY = {
  "passphrase-wrong": WORDS.lock.wrong,
  "passphrase-short": WORDS.lock.tooShort,
  "passphrase-easy": WORDS.lock.easy,
  "recovery-slip": WORDS.lock.slip,
  "recovery-wrong": WORDS.lock.otherKey,
  "passphrase-long": WORDS.lock.tooLong,
  "passphrase-chosen": WORDS.lock.chosen,
  "lock-stays": WORDS.lock.stays,
  "too-fast": WORDS.lock.tooFast,
  practising: WORDS.lock.practising,
  away: WORDS.hand.later,
};

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
  const asked = asking(app);
  swap([
    title(WORDS.lock.title),
    h("p", { class: "lead" }, WORDS.lock.lead),
    chooseForm(asked, swap, toHome, {
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
  return { element, holds: () => isShown };
}

/**
 * Everything is locked: the passphrase opens it, or the recovery key.
 * @param {App} app
 */
export function locked(app) {
  const element = h("div", { class: "day narrow" });
  const swap = swapping(element);
  let isShown = false; // a recovery key, which is shown this once
  let tell = (/** @type {string} */ _words) => {};
  const enter = () => {
    const asked = asking(app);
    tell = asked.tell;
    const passphrase = secretField(WORDS.lock.own);
    const open = () => {
      asked.tell(WORDS.lock.working);
      asked.send("unlock", { passphrase: passphrase.input.value }, () => {}, passphrase.input);
    };
    swap([
      title(WORDS.lock.lockedTitle),
      h("p", { class: "lead" }, WORDS.lock.lockedLead),
      h(
        "form", { class: "stack passcode passphrase", onSubmit: stopped(open) },
        passphrase.element, asked.told,
        h("div", { class: "buttons" }, mainButton(WORDS.lock.open, () => {}, { type: "submit" })),
      ),
      h("div", { class: "beneath links" }, linkButton(WORDS.lock.forgot, recover), helpLink()),
    ]);
    passphrase.input.focus({ preventScroll: true });
  };
  const recover = () => {
    const asked = asking(app);
    tell = asked.tell;
    const paper = textField(WORDS.lock.recoveryKey);
    const goOn = () => {
      isShown = false;
      if (app.state) app.goOn();
      else enter(); // it was locked again meanwhile
    };
    swap([
      title(WORDS.lock.recoverTitle),
      h("p", { class: "lead" }, WORDS.lock.recoverLead),
      chooseForm(asked, swap, goOn, {
        type: "recover",
        words: WORDS.lock.open,
        first: paper.element,
        fields: () => ({ recovery_key: paper.input.value }),
        opened: () => {
          isShown = true;
        },
      }),
      h("p", { class: "small beneath" }, WORDS.lock.neither),
      h(
        "div", { class: "beneath links" },
        linkButton(WORDS.lock.back, enter), helpLink(),
      ),
    ]);
    paper.input.focus({ preventScroll: true });
  };
  enter();
  return {
    element,
    holds: () => isShown,
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
      chooseForm(asking(app), swap, shown, {
        first: isLocked && old.element,
        fields: () => /** @type {Record<string, string>} */ (
          isLocked ? { old: old.input.value } : {}
        ),
        back: shown,
      }),
    ]);
  };
  const giveUp = () => {
    const asked = asking(app);
    const old = secretField(WORDS.lock.old);
    const off = () => {
      asked.tell(WORDS.lock.working);
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

/**
 * Two fields and a button; what comes of them is a recovery key.
 * @param {ReturnType<typeof asking>} asked
 * @param {(inside: any[]) => void} swap
 * @param {() => void} done once the key is written down
 * @param {object} how
 * @param {string} [how.type] of the message
 * @param {string} [how.words] on its button
 * @param {HTMLElement | false} [how.first] what is asked before
 * @param {() => Record<string, string>} [how.fields] and what it says
 * @param {() => void} [how.opened] there is a key to be shown
 * @param {() => void} [how.back]
 */
function chooseForm(asked, swap, done, how) {
  const { type = "choose-passphrase", words, first, fields, opened, back } = how;
  const one = secretField(WORDS.lock.first);
  const two = secretField(WORDS.lock.second);
  const send = () => {
    if (one.input.value !== two.input.value) {
      asked.tell(WORDS.lock.differ, two.input);
      return;
    }
    asked.tell(WORDS.lock.working);
    const given = { passphrase: one.input.value, ...fields?.() };
    asked.send(type, given, ({ recovery_key }) => {
      opened?.();
      swap(recoveryKey(recovery_key ?? "", done));
    }, one.input);
  };
  return h(
    "form", { class: "stack passcode passphrase", onSubmit: stopped(send) },
    first ?? null,
    h("p", {}, WORDS.lock.hint),
    one.element, two.element, asked.told,
    h(
      "div", { class: "buttons" },
      mainButton(words ?? WORDS.lock.lockIt, () => {}, { type: "submit" }),
      back && quietButton(WORDS.lock.back, back),
    ),
  );
}

/**
 * @param {string} key
 * @param {() => void} done
 */
function recoveryKey(key, done) {
  return [
    title(WORDS.lock.keyTitle),
    h("p", { class: "lead" }, WORDS.lock.keyLead),
    h("p", { class: "recovery-key" }, key.split("-").map((group) => h("span", {}, group))),
    h("p", {}, WORDS.lock.keyTruth),
    h("div", { class: "buttons" }, mainButton(WORDS.lock.keyDone, done)),
    h("div", { class: "beneath" }, helpLink()),
  ];
}

/**
 * A question to the server, one at a time, and why it came to nothing.
 * @param {App} app
 */
function asking(app) {
  const told = h("p", { class: "needed", role: "status" });
  let isBusy = false;
  /** @param {string} words @param {HTMLElement} [input] */
  const tell = (words, input) => {
    say(told, words);
    input?.focus();
  };
  /**
   * @param {string} type
   * @param {Record<string, string>} fields
   * @param {(answer: Answer) => void} then
   * @param {HTMLInputElement} [input] is emptied where it was not taken
   */
  const send = async (type, fields, then, input) => {
    if (isBusy) return;
    isBusy = true;
    const answer = await app.ask(type, fields);
    isBusy = false;
    if (answer.isTaken) {
      then(answer);
      return;
    }
    tell(Object.hasOwn(WHY, answer.why) ? WHY[answer.why] : WORDS.lock.unkept, input);
  };
  return { told, tell, send };
}

/** @param {HTMLElement} element */
function swapping(element) {
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
