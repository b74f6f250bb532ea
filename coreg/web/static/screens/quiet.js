/** Settle in, and rest: a few words, a still light, nothing to do. */

import { h, linkButton, quietButton } from "../dom.js";
import { fade } from "../fading.js";
import { setSpokenBreath, wantsSpokenBreath } from "../preferences.js";
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
    // Nobody who starts with a made-up couple has seen a page that asks, before this one.
    above: state.simulated ? [spokenButton()] : [],
    beside: quietButton(WORDS.arrive.ready, ready),
  });
  return {
    ...frame,
    /** @param {string} key */
    pressKey: (key) => (key === "n" ? ready() : frame.pressKey(key)),
  };
}

/** A button and no box to tick: on a screen of a practice Space pauses (keys.js). */
function spokenButton() {
  const tell = () => button.setAttribute("aria-pressed", String(wantsSpokenBreath()));
  const button = linkButton(WORDS.settings.spoken, () => {
    setSpokenBreath(!wantsSpokenBreath());
    tell();
  });
  tell();
  return button;
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
 * @param {{above?: Node[], beside?: Node}} [more]
 */
function quiet(app, state, words, more = {}) {
  const light = h("div", { class: "rest-light", "aria-hidden": "true" });
  const said = h("p", { class: "spoken-words" }, state.block?.words || words.words);
  const isRest = state.screen === "rest"; // then words go, and nothing is left to read
  const frame = duskFrame(app, state, { label: words.label, middle: [light, said], ...more });
  return { ...frame, leave: fade(app, light, isRest ? said : null) };
}
