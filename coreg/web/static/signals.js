/**
 * What can be told without a word: each thing sounds and feels unlike the others.
 *
 * Bells where a part begins or ends, tones for what happens in between. None is loud, and
 * none says that anybody did something wrong.
 */

import { strike } from "./bell.js";
import { chime } from "./sound.js";

const LOW_HZ = 146.83; // d
const MIDDLE_HZ = 220; // a

/** @typedef {import("./told_aloud.js").Event} Event */

/** @type {Record<Event, number>} how long before it can be spoken after it */
const LASTS_S = {
  part: 1.2, end: 5, alone: 2.2, paused: 1.2, on: 1.2, asks: 0.9, lost: 1.1, back: 1.1,
};
/** @type {Partial<Record<Event, number[]>>} when the bell is struck, in s */
const BELLS = { part: [0], alone: [0, 1], end: [0, 2, 4] };
/** @type {Partial<Record<Event, [number, number][]>>} when a tone begins, in s, and in Hz */
const TONES = {
  paused: [[0, MIDDLE_HZ], [0.5, LOW_HZ]],
  on: [[0, LOW_HZ], [0.5, MIDDLE_HZ]],
  asks: [[0, MIDDLE_HZ]],
  lost: [[0, LOW_HZ], [0.4, LOW_HZ]],
  back: [[0, MIDDLE_HZ], [0.4, MIDDLE_HZ]],
};
/** @type {Record<Event, number[]>} touches and the gaps between them, in ms */
const TOUCHES = {
  part: [60], alone: [60, 140, 60], end: [60, 300, 60, 300, 60], paused: [400],
  on: [70, 90, 250], asks: [120], lost: [40, 70, 40, 70, 40], back: [40, 70, 120],
};

/** @param {Event} event */
export const touchesOf = (event) => TOUCHES[event];

/**
 * Sound a signal now; returns how long it lasts, in s.
 * @param {BaseAudioContext} audio
 * @param {AudioNode} into
 * @param {Event} event
 */
export function signal(audio, into, event) {
  const now_s = audio.currentTime + 0.02;
  for (const after_s of BELLS[event] ?? []) strike(audio, into, now_s + after_s);
  for (const [after_s, hz] of TONES[event] ?? []) chime(audio, into, now_s + after_s, hz);
  return LASTS_S[event];
}
