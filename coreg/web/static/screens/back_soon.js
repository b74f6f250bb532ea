/** The end of being apart: said, and heard where this page may sound. */

import { ring } from "../sound.js";

/**
 * @param {import("../page_audio.js").PageAudio} audio
 * @param {() => void} isOver
 */
export function backSoon(audio, isOver) {
  let timer = 0;
  let rings_ms = 0;
  const stop = () => {
    clearTimeout(timer);
    timer = 0;
  };
  return {
    /** @param {number} away_ms how long they are still apart */
    waits(away_ms) {
      const at_ms = performance.now() + away_ms;
      if (timer && Math.abs(at_ms - rings_ms) < 1000) return; // said again by a state
      stop();
      rings_ms = at_ms;
      timer = window.setTimeout(() => {
        isOver();
        if (audio.running) ring(audio.running);
      }, Math.max(0, away_ms));
    },
    stop,
  };
}
