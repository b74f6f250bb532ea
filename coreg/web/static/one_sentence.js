/** One sentence on the hearts of an evening: worked out apart, so it may take a moment. */

import { h, say } from "./dom.js";
import { fetchKeyed } from "./page_key.js";
import { WORDS } from "./words.js";

const AGAIN_MS = 1500;
const SOON = 202;
const OK = 200;
const MISSING = 404;

/**
 * A paragraph that says it as soon as it is known; nothing where it cannot be had.
 * @param {string} path
 * @param {() => void} [missing] what to do where that evening was not saved
 */
export function oneSentence(path, missing = () => {}) {
  const element = h("p", { class: "lead", "aria-live": "polite" }, WORDS.lookBack.working);
  ask(path, element, missing);
  return element;
}

/**
 * @param {string} path
 * @param {HTMLElement} element
 * @param {() => void} missing
 */
async function ask(path, element, missing) {
  try {
    const answer = await fetchKeyed(path);
    const words = await answer.text();
    if (answer.status === SOON) setTimeout(() => ask(path, element, missing), AGAIN_MS);
    else if (answer.status === OK) say(element, words);
    else element.remove();
    if (answer.status === MISSING) missing();
  } catch {
    element.remove();
  }
}
