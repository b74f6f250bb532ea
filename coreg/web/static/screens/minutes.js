/** How long two sat together and how they breathed, in whole sentences. */

import { fill, LANGUAGE, WORDS } from "../words.js";

/** @typedef {{minutes: number, breathing_minutes: number, breaths_per_min: number | null}} Sat */

const figures = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 1 });

/**
 * A number as people say it: in a word while it is small and whole.
 * @param {number} n
 */
export function inWords(n) {
  return WORDS.minutes.numbers[n] ?? figures.format(n);
}

/** @param {Sat} sat */
export function breathSentence({ minutes, breathing_minutes: n, breaths_per_min: pace }) {
  if (n < 1 || pace === null) return satSentence(minutes);
  return fill(WORDS.minutes.breathed, { n, minutes: inWords(n), pace: inWords(pace) });
}

/** @param {number} n whole minutes */
export function satSentence(n) {
  if (n < 1) return WORDS.minutes.short;
  return fill(WORDS.minutes.sat, { n, minutes: inWords(n) });
}

/**
 * An evening in the story of all of them.
 * @param {Sat} sat
 */
export function storySentence({ minutes: n, breathing_minutes, breaths_per_min: pace }) {
  if (n < 1) return WORDS.minutes.short;
  const words = { n, minutes: inWords(n) };
  if (breathing_minutes < 1 || pace === null) return fill(WORDS.minutes.told, words);
  const paced = { ...words, pace: inWords(pace) };
  // Of one evening there is one length, and how much of it was breathing.
  if (breathing_minutes < n) {
    const of = { n: breathing_minutes, breathing: inWords(breathing_minutes) };
    return fill(WORDS.minutes.toldOfThem, { ...paced, ...of });
  }
  return fill(WORDS.minutes.toldPaced, paced);
}
