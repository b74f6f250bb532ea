/** Arrive and Just be: a few words, a still light, nothing to do. */

import { h } from "../dom.js";
import { WORDS } from "../words.js";
import { duskFrame } from "./dusk.js";

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function arrive(app, state) {
  return quiet(app, state, WORDS.arrive);
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
 */
function quiet(app, state, words) {
  return duskFrame(app, state, {
    label: words.label,
    middle: [
      h("div", { class: "rest-light", "aria-hidden": "true" }),
      h("p", { class: "spoken-words" }, state.block?.words || words.words),
    ],
  });
}
