/** An hour with a therapist that was several practices, part by part. */

import { clockWords } from "../days.js";
import { h } from "../dom.js";
import { fetchEvenings } from "../earlier.js";
import { fill, WORDS } from "../words.js";

/** @typedef {{id: string, practice: string, when_utc: string | null, page: string | null}} HourPart */

/**
 * The parts of the hour whose last session this is; none where it was one session.
 * @param {any} state
 * @param {string} id
 * @returns {Promise<HourPart[]>}
 */
export async function partsOfHour(state, id) {
  if (!state.with_therapist) return [];
  return (await fetchEvenings())?.find((evening) => evening.id === id)?.parts ?? [];
}

/**
 * When a part began, and what it was.
 * @param {HourPart} part
 */
export function partWords({ practice, when_utc }) {
  const time = clockWords(when_utc);
  return time ? fill(WORDS.evenings.partAt, { time, practice }) : practice;
}

/**
 * A line that leads to a page of a part.
 * @param {HourPart} part
 * @param {string} href
 * @param {...Node} marks whose page it is
 */
export function partLink(part, href, ...marks) {
  return h(
    "li", {},
    h("a", { class: "door", href, target: "_blank", rel: "noopener" }, ...marks, partWords(part)),
  );
}
