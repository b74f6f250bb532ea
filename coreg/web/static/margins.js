/** What stands at the edge of every screen: the simulated tag, and notices. */

import { h, say } from "./dom.js";
import { WORDS } from "./words.js";

// Whoever stops has to read what to do: there a screen makes room for the notices.
const told = /** @type {HTMLElement} */ (document.getElementById("notices"));
new ResizeObserver(() => {
  document.body.style.setProperty("--told", `${told.offsetHeight}px`);
}).observe(told);

/** @param {any} state */
export function showTag(state) {
  const tag = /** @type {HTMLElement} */ (document.getElementById("tag"));
  say(tag, WORDS.simulated);
  tag.hidden = !state.simulated;
}

/**
 * Notices are for two and attributed to nobody; each is read aloud once.
 * @param {any} state
 */
export function showNotices(state) {
  const { ok, words: recorded } = state.recording;
  const tellsOnce = state.screen === "arrive" && !state.simulated;
  const recording = recorded && (!ok || tellsOnce)
    ? [{ id: "recording", words: recorded }]
    : [];
  const wanted = new Map(
    [...recording, ...state.notices].map(({ id, words }) => [id || words, words]),
  );
  for (const line of [...told.children]) {
    const id = /** @type {HTMLElement} */ (line).dataset.id ?? "";
    if (wanted.has(id)) say(line, wanted.get(id));
    else line.remove();
    wanted.delete(id);
  }
  for (const [id, words] of wanted) told.append(h("p", { "data-id": id }, words));
}
