/** The words of the pages, in this browser's language; `coreg/words` holds them all. */

const answer = await fetch("/static/words.json");

/**
 * @type {typeof import("../../words/en/pages.json")
 *   & {cards: {each: typeof import("../../words/en/cards.json")}}}
 */
export const WORDS = await answer.json();

export const LANGUAGE = answer.headers.get("content-language") ?? "en";
document.documentElement.lang = LANGUAGE;

const plurals = new Intl.PluralRules(LANGUAGE);

/**
 * Words with their blanks filled in: `fill("Open {name}", {name: "..."})`. Words that
 * count have a form for each plural category; the blank `n` chooses it.
 * @param {string | {one?: string, other: string}} words
 * @param {Record<string, string | number>} blanks
 */
export function fill(words, blanks) {
  const template = typeof words === "string" ? words : formOf(words, Number(blanks.n));
  return template.replace(/\{(\w+)\}/g, (_, name) => String(blanks[name] ?? ""));
}

/**
 * @param {Record<string, string>} forms
 * @param {number} n
 */
function formOf(forms, n) {
  return forms[plurals.select(n)] ?? forms.other ?? "";
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

/** @param {"A"|"B"} partner @returns {"A"|"B"} the other of the two */
export const otherOf = (partner) => (partner === "A" ? "B" : "A");

/**
 * The name of a partner, or the place where they sit.
 * @param {{couple: {A: {name: string}, B: {name: string}} | null}} state
 * @param {"A"|"B"} partner
 */
export function nameOf(state, partner) {
  return state.couple?.[partner]?.name?.trim() || WORDS.partner[partner];
}
