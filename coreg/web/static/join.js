/**
 * Where a phone's camera leads: it hands in the code that it was given, and goes on.
 *
 * The code stands behind the # of the address, which no browser sends to anybody; it is
 * taken away from there at once, and handed in by a post. It is good once.
 */

import { keepPageKey } from "./page_key.js";
import { WORDS, wordsOf } from "./words.js";

const heading = /** @type {HTMLElement} */ (document.getElementById("title"));
const told = /** @type {HTMLElement} */ (document.getElementById("words"));

/** @param {string | null} why */
function sayWhy(why) {
  heading.textContent = WORDS.join.title;
  told.textContent = wordsOf(WORDS.join.why, why) ?? WORDS.join.why.unknown;
}

async function join() {
  const code = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  if (!code) {
    sayWhy("unknown");
    return;
  }
  try {
    const answer = await fetch("/join", { method: "POST", body: code });
    const { page_key, why } = await answer.json();
    if (answer.ok) {
      keepPageKey(page_key);
      location.replace("/");
    } else sayWhy(why);
  } catch {
    sayWhy("away");
  }
}

join();
