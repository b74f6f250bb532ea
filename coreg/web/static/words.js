/** Every string that a page shows is in `words.json`, ready for translation. */

const answer = await fetch("/static/words.json");

/** @type {typeof import("./words.json")} */
export const WORDS = await answer.json();

/**
 * Words with their blanks filled in: `fill("Open {name}", {name: "..."})`.
 * @param {string} template
 * @param {Record<string, string | number>} blanks
 */
export function fill(template, blanks) {
  return template.replace(/\{(\w+)\}/g, (_, name) => String(blanks[name] ?? ""));
}

/**
 * The words for what a message says, or none where there are none for it.
 * @param {Record<string, string>} words
 * @param {string | null} said
 * @returns {string | undefined}
 */
export function wordsOf(words, said) {
  return said !== null && Object.hasOwn(words, said) ? words[said] : undefined;
}

/**
 * The name of a partner, or the place where they sit.
 * @param {{couple: {A: {name: string}, B: {name: string}} | null}} state
 * @param {"A"|"B"} partner
 */
export function nameOf(state, partner) {
  return state.couple?.[partner]?.name?.trim() || WORDS.partner[partner];
}
