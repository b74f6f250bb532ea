/**
 * What somebody with closed eyes needs to know of an evening that went on: where a part
 * begins, rest, the end, a pause, a strap that was lost.
 *
 * What is said aloud is what stands on that page for everybody who sees it: never what is
 * asked of one alone, only whose turn it is.
 */

import { isSamePart } from "./block.js";
import { fill, nameOf, otherOf, WORDS } from "./words.js";

/** @typedef {"part"|"end"|"paused"|"on"|"alone"|"asks"|"lost"|"back"} Event */
/** @typedef {{event: Event, words: string, after_s: number}} Told */

const ALONE = ["gate", "question", "write", "step", "asked"];

/**
 * What is new between two states of one evening.
 * @param {any} before none where this page had heard of nothing yet
 * @param {any} after
 * @returns {Told[]}
 */
export function toldAloud(before, after) {
  if (!before || (!before.block && !after.block)) return [];
  return [
    ...wentOn(before, after), ...straps(before, after),
    ...(after.asks && !before.asks ? [told("asks", WORDS.practice.asks)] : []),
  ];
}

/**
 * @param {any} before
 * @param {any} after
 */
function wentOn(before, after) {
  if (!after.block) {
    // A gate within an hour is no end of it: somebody is asked alone, and it goes on.
    return isAlone(after) ? alone(before, after) : [told("end", WORDS.aloud.end)];
  }
  if (after.paused) {
    const words = after.pause?.is_last ? WORDS.pause.enough : WORDS.aloud.paused;
    return before.paused ? [] : [told("paused", words)];
  }
  if (isAlone(after)) return alone(before, after);
  if (!isSamePart(before, after) || isAlone(before)) {
    return [told("part", partWords(after), after.block.quiet_s ?? 0)];
  }
  return before.paused ? [told("on", WORDS.aloud.on)] : [];
}

/**
 * Whose turn it is, where somebody else's was, or nobody's.
 * @param {any} before
 * @param {any} after
 */
function alone(before, after) {
  const isSame = isAlone(before) && before.turn === after.turn && !before.paused;
  const words = fill(WORDS.aloud.alone, { name: nameOf(after, after.turn) });
  return isSame ? [] : [told("alone", words)];
}

/**
 * Of a strap that was lost what the page says of it, and once that all are back.
 * @param {any} before
 * @param {any} after
 */
function straps(before, after) {
  const [known, now] = [lostOf(before), lostOf(after)];
  const isNew = (/** @type {any} */ { id }) => !known.some((each) => each.id === id);
  const lost = now.filter(isNew).map(({ words }) => told("lost", words));
  const isBack = known.length > 0 && now.length === 0 && after.block;
  return isBack ? [told("back", WORDS.aloud.back)] : lost;
}

/**
 * @param {any} state
 * @returns {{id: string, words: string}[]}
 */
const lostOf = ({ notices = [] }) =>
  notices.filter((/** @type {any} */ { id }) => id.startsWith("lost-"));

/** @param {any} state */
const isAlone = ({ screen, turn }) => turn !== null && ALONE.includes(screen);

/**
 * What stands there when a part begins; of breath and rest what is heard, not seen.
 * @param {any} state
 */
function partWords(state) {
  const { kind, words, who, speaker, listener } = state.block;
  if (kind === "breathe") return WORDS.aloud.breathe;
  if (kind === "rest") return WORDS.aloud.rest;
  if (kind === "words") return words || WORDS.talk.title;
  if (kind === "arrive") return words || WORDS.arrive.words;
  /** @type {(partner: "A"|"B", line: string) => string} */
  const toOne = (partner, line) => (line ? `${nameOf(state, partner)}: ${line}` : "");
  const lines = who ? [toOne(who, speaker), toOne(otherOf(who), listener)] : [];
  return [words, ...lines].filter(Boolean).join(" ");
}

/**
 * @param {Event} event
 * @param {string} words
 * @param {number} after_s
 * @returns {Told}
 */
const told = (event, words, after_s = 0) => ({ event, words, after_s });
