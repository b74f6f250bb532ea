/** The end of being apart: said, and heard where this page may sound. */

import { ring } from "../sound.js";

/** @param {() => void} isOver */
export function backSoon(isOver) {
  /** @type {AudioContext | null} */
  let audio = null;
  let timer = 0;
  let rings_ms = 0;
  const stop = () => {
    clearTimeout(timer);
    timer = 0;
  };
  return {
    /** Call it from a press, or the browser stays silent. */
    allowSound() {
      audio ??= new AudioContext();
      void audio.resume();
    },
    /** @param {number} away_ms how long they are still apart */
    waits(away_ms) {
      const at_ms = performance.now() + away_ms;
      if (timer && Math.abs(at_ms - rings_ms) < 1000) return; // said again by a state
      stop();
      rings_ms = at_ms;
      timer = window.setTimeout(() => {
        isOver();
        if (audio) ring(audio);
      }, Math.max(0, away_ms));
    },
    stop,
  };
}
