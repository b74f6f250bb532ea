/**
 * What somebody gives on a page of their own: it stays on the screen until it is saved.
 *
 * The server answers once it is on the disk. Until then nothing is cleared, and neither
 * a line that breaks nor an evening that goes on elsewhere takes the page away.
 */

import { h, linkButton, say } from "./dom.js";
import { fill, WORDS } from "./words.js";

const WORDS_MOST = 4000; // characters, as the server has it
const WAITS_MS = 500; // before it is worth saying that it takes a while
/** @type {Record<string, string>} */
const WHY = { locked: WORDS.keeping.locked, away: WORDS.keeping.away, "not-kept": WORDS.keeping.notKept,
  "told-enough": WORDS.keeping.toldEnough, "names-equal": WORDS.keeping.namesEqual, "names-swapped": WORDS.keeping.namesSwapped };
const ELSEWHERE = ["not-now", "not-your-turn", "no-session"];

/** @typedef {[type: string, fields: Record<string, unknown>]} Asking */

/**
 * @param {string} type
 * @param {Record<string, unknown>} fields
 * @returns {Asking}
 */
export const asking = (type, fields) => [type, fields];

/**
 * @param {import("./app.js").App} app
 * @param {() => unknown} given what is on the page now
 */
export function keeping(app, given) {
  const now = () => JSON.stringify(given());
  let saved = now();
  let isBusy = false;
  let hasMoved = false;
  const told = h("p", { class: "needed", "aria-live": "polite" });
  const letGo = () => { saved = now(); };
  const leave = () => {
    letGo();
    app.goOn();
  };
  const leaving = linkButton(WORDS.keeping.leave, leave);
  /** @param {string} words */
  const tell = (words) => {
    say(told, hasMoved && !isBusy ? WORDS.keeping.moved : words);
    leaving.hidden = !hasMoved || isBusy;
  };
  tell("");
  return {
    element: h("div", { class: "keeping" }, told, leaving),
    tell,
    letGo, // whoever gave it does not want it kept
    /**
     * Ask for one after the other, each once the one before is taken, then go on.
     * @param {Asking[]} asked
     * @returns {Promise<string | null>} why one was not taken; null where all were
     */
    async send(asked) {
      if (isBusy) return null;
      isBusy = true;
      const slow = setTimeout(() => tell(WORDS.keeping.saving), WAITS_MS);
      const why = await firstRefusal(app, asked);
      clearTimeout(slow);
      isBusy = false;
      if (why === null) leave();
      else tell(ELSEWHERE.includes(why) ? WORDS.keeping.moved : whyWords(why));
      return why;
    },
    holds: () => isBusy || now() !== saved,
    moved: () => {
      hasMoved = true;
      tell("");
    },
    /** @param {import("./socket.js").Down} why */
    away: (why) => tell(why === "away" ? WORDS.keeping.away : WORDS.keeping.stranger),
    update: () => {
      hasMoved = false;
      if (!isBusy) tell("");
    },
  };
}

/**
 * @param {import("./app.js").App} app
 * @param {Asking[]} asked
 * @returns {Promise<string | null>} why one was not taken; null where all were
 */
async function firstRefusal(app, asked) {
  for (const [type, fields] of asked) {
    const { isTaken, why } = await app.ask(type, fields);
    if (!isTaken) return why;
  }
  return null;
}

/** @param {string} why */
function whyWords(why) {
  return Object.hasOwn(WHY, why) ? WHY[why] : WORDS.keeping.refused;
}

/**
 * Words that are too many for one go, said; empty where they are not.
 * @param {string} words
 */
export function tooManyWords(words) {
  const count = [...words].length;
  return count > WORDS_MOST ? fill(WORDS.keeping.tooMany, { count, most: WORDS_MOST }) : "";
}
