/** Days, times and numbers as people of this language write them, where this computer is. */

import { LANGUAGE } from "./words.js";

const LOCALE = LANGUAGE === "en" ? "en-GB" : LANGUAGE;
/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const HOW = {
  day: { weekday: "long", day: "numeric", month: "long" },
  ofMonth: { weekday: "long", day: "numeric" },
  month: { month: "long", year: "numeric" },
  ofYear: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  date: { day: "numeric", month: "long", year: "numeric" },
  moment: {
    weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit",
  },
  time: { hour: "2-digit", minute: "2-digit" },
};

/**
 * @param {string | number | null} utc
 * @param {"day"|"ofMonth"|"month"|"ofYear"|"date"|"moment"|"time"} how
 * @returns {string} empty where it is no time
 */
function written(utc, how) {
  const when = new Date(utc ?? NaN);
  if (Number.isNaN(when.getTime())) return "";
  return new Intl.DateTimeFormat(LOCALE, HOW[how]).format(when);
}

/**
 * Friday 20 November.
 * @param {string | null} utc
 */
export const dayWords = (utc) => written(utc, "day");

/**
 * Friday 20.
 * @param {string | null} utc
 */
export const dayOfMonth = (utc) => written(utc, "ofMonth");

/**
 * November 2026.
 * @param {string | null} utc
 */
export const monthWords = (utc) => written(utc, "month");

/**
 * Friday 20 November 2026.
 * @param {string | null} utc
 */
export const dayOfYear = (utc) => written(utc, "ofYear");

/**
 * 20 November 2026.
 * @param {string | null} utc
 */
export const dateWords = (utc) => written(utc, "date");

/**
 * Friday 20 November at 20:12.
 * @param {string | null} utc
 */
export const momentWords = (utc) => written(utc, "moment");

/**
 * 20:12, of a moment that was told.
 * @param {string | null} utc
 */
export const clockWords = (utc) => written(utc, "time");

/**
 * 20:12, as a clock on the wall here says.
 * @param {number} at_ms since 1970
 */
export const timeWords = (at_ms) => written(at_ms, "time");

/**
 * A number with one decimal place.
 * @param {number} value
 */
export const tenths = (value) => value.toLocaleString(LOCALE, {
  minimumFractionDigits: 1, maximumFractionDigits: 1,
});
