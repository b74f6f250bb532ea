/**
 * The breath as a touch, where what the page is on can vibrate: one long one to breathe
 * in, two short ones to breathe out, so that eyes may be closed.
 *
 * A choice of this phone alone, kept in it as the other ones are (preferences.js).
 */

import { chosenTouch, chooseTouch } from "./preferences.js";

const PATTERNS = { in: [220], out: [70, 110, 70] };

export const canTouch = () => typeof navigator.vibrate === "function";

export const wantsTouch = () => canTouch() && chosenTouch();

/** @param {boolean} wanted */
export function setTouch(wanted) {
  chooseTouch(wanted);
  if (wanted) touch("in"); // so that somebody knows what it is like
}

/**
 * The breath turned: tell by a touch which way, where that was chosen.
 * @param {"in"|"out"} turn
 */
export function touch(turn) {
  if (wantsTouch()) navigator.vibrate(PATTERNS[turn]);
}

/** Let go at once of whatever is being felt. */
export function stopTouching() {
  if (wantsTouch()) navigator.vibrate(0);
}
