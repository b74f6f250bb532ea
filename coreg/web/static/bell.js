/**
 * A soft bell where a part of the practice begins or ends, and a touch of it on a phone.
 *
 * Nobody has to look when time is up. It is quiet by design, and rung once by each page
 * that was there before: a page that comes late to a part says nothing.
 */

import { isSamePart } from "./block.js";

const STRIKE_HZ = 293.66; // d, an octave above where the breath begins
const LOUDEST = 0.09;
const RINGS_S = 3.2;
/** Partials of a small bowl: how high above its tone, how loud, how long beside it. */
const PARTIALS = [[1, 1, 1], [2.71, 0.32, 0.55], [5.15, 0.1, 0.28]];
const TOUCH_MS = 60;
const PARTS = ["arrive", "breathe", "light", "rest", "words"];

/**
 * Whether a part begins or ends between two states of one evening.
 * @param {any} before none where this page had heard of nothing yet
 * @param {any} after
 */
export function turnsAPart(before, after) {
  if (!before || before.paused || after.paused) return false;
  if (isSamePart(before, after)) return false;
  const isPart = (/** @type {any} */ { block }) => PARTS.includes(block?.kind);
  return isPart(before) || isPart(after);
}

/**
 * Strike the bell once.
 * @param {BaseAudioContext} audio
 * @param {AudioNode} into
 * @param {number} at_s
 */
export function strike(audio, into, at_s) {
  for (const [ratio, loud, long] of PARTIALS) {
    const voice = audio.createOscillator();
    const gain = audio.createGain();
    const until_s = at_s + RINGS_S * long;
    voice.frequency.setValueAtTime(STRIKE_HZ * ratio, at_s);
    gain.gain.setValueAtTime(0, Math.max(0, at_s - 0.001));
    gain.gain.linearRampToValueAtTime(LOUDEST * loud, at_s + 0.012);
    gain.gain.exponentialRampToValueAtTime(0.0001, until_s);
    voice.connect(gain).connect(into);
    voice.start(at_s);
    voice.stop(until_s);
    voice.onended = () => gain.disconnect();
  }
}

/**
 * Ring, where this page may sound; and touch, where what it is on can.
 * @param {import("./page_audio.js").PageAudio} audio
 */
export function ringBell(audio) {
  navigator.vibrate?.(TOUCH_MS);
  const { running } = audio;
  if (running) strike(running, running.destination, running.currentTime + 0.02);
}
