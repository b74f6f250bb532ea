/** Settle in, and rest: a few words, a still light, nothing to do. */

import { h, quietButton } from "../dom.js";
import { fade } from "../fading.js";
import { WORDS } from "../words.js";
import { duskFrame } from "./dusk.js";

/**
 * Whoever has settled in before its time is up says so: either, for both.
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function arrive(app, state) {
  const ready = () => app.send("press", { press: "ready" });
  const frame = quiet(app, state, WORDS.arrive, {
    beside: quietButton(WORDS.arrive.ready, ready),
  });
  return {
    ...frame,
    /** @param {string} key */
    pressKey: (key) => (key === "n" ? ready() : frame.pressKey(key)),
  };
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function rest(app, state) {
  return quiet(app, state, WORDS.rest);
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {{label: string, words: string}} words
 * @param {{beside?: Node}} [more]
 */
function quiet(app, state, words, more = {}) {
  const light = h("div", { class: "rest-light", "aria-hidden": "true" });
  const said = h("p", { class: "spoken-words" }, state.block?.words || words.words);
  const isRest = state.screen === "rest"; // then words go, and nothing is left to read
  const frame = duskFrame(app, state, { label: words.label, middle: [light, said], ...more });
  return { ...frame, leave: fade(app, light, isRest ? said : null) };
}
