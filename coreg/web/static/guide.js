/**
 * Leads through a practice by ear and by touch, where somebody chose to close their eyes.
 *
 * First a signal, which is enough by itself; then words, where this device has a voice.
 */

import { signal, touchesOf } from "./signals.js";
import { wantsTouch } from "./touch.js";
import { toldAloud } from "./told_aloud.js";

/** @typedef {import("./told_aloud.js").Told} Told */

const BETWEEN_S = 3.5; // of two things that happen at once, the second one waits
const STALE_MS = 2000; // later than that it is not said any more: the laptop slept

export class Guide {
  /** @type {Set<number>} */
  #timers = new Set();
  #audio;
  #voice;

  /**
   * @param {import("./page_audio.js").PageAudio} audio
   * @param {import("./voice.js").Voice} voice
   */
  constructor(audio, voice) {
    this.#audio = audio;
    this.#voice = voice;
  }

  /**
   * Tell what is new; what was about to be said is of the past then.
   * @param {any} before
   * @param {any} after
   */
  tell(before, after) {
    const all = toldAloud(before, after);
    if (all.length > 0) this.silence();
    all.forEach((told, i) => this.#after(i * BETWEEN_S, () => this.#tell(told)));
  }

  /**
   * Tell one thing now.
   * @param {import("./told_aloud.js").Event} event
   * @param {string} words
   */
  tellOne(event, words) {
    this.silence();
    this.#tell({ event, words, after_s: 0 });
  }

  /** Say nothing of what was about to be said. */
  silence() {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#voice.silence();
  }

  /** @param {Told} told */
  #tell({ event, words, after_s }) {
    const audio = this.#audio.running;
    const lasts_s = audio ? signal(audio, audio.destination, event) : 0;
    if (wantsTouch()) navigator.vibrate(touchesOf(event));
    this.#after(Math.max(lasts_s, after_s), () => this.#voice.say(words));
  }

  /**
   * @param {number} wait_s
   * @param {() => void} then
   */
  #after(wait_s, then) {
    const due_ms = Date.now() + 1000 * wait_s;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (Date.now() - due_ms < STALE_MS) then();
    }, 1000 * wait_s);
    this.#timers.add(timer);
  }
}
