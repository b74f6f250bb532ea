/**
 * Choices that belong to this browser alone, such as words for a screen reader.
 *
 * In a cookie, for each evening has a port of its own and a browser's storage with it.
 * Every program's server on this computer is told of it: nothing here is a secret.
 */

const SPOKEN = "coreg.spoken-breath";
const TOUCH = "coreg.touch";
const HEARD = "coreg.heard"; // how the breath sounds, seat by seat
const EYES = "coreg.eyes"; // whether they are closed, seat by seat
const LANGUAGE = "coreg.language"; // the server reads it, too
const YEAR_S = 365 * 24 * 3600;

export function wantsSpokenBreath() {
  return kept(SPOKEN) === "yes";
}

/** @param {boolean} wanted */
export function setSpokenBreath(wanted) {
  keep(SPOKEN, wanted ? "yes" : "no");
}

/** The language that was chosen here; none where it follows the browser. */
export function chosenLanguage() {
  return kept(LANGUAGE);
}

/** @param {string} language or none, to follow the browser */
export function chooseLanguage(language) {
  keep(LANGUAGE, language);
}

/** Whether the breath is to be felt on this phone. */
export function chosenTouch() {
  return kept(TOUCH) === "yes";
}

/** @param {boolean} wanted */
export function chooseTouch(wanted) {
  keep(TOUCH, wanted ? "yes" : "no");
}

/** @typedef {""|"tone"|"voice"} Heard how the breath sounds; not at all, a tone, a voice */

/**
 * How the breath sounds on the pages of a seat.
 * @param {string} seat
 * @returns {Heard}
 */
export function chosenHeard(seat) {
  const said = kept(`${HEARD}.${seat}`);
  return said === "tone" || said === "voice" ? said : "";
}

/**
 * @param {string} seat
 * @param {Heard} heard
 */
export function chooseHeard(seat, heard) {
  keep(`${HEARD}.${seat}`, heard);
}

/**
 * Whether the pages of a seat lead through a practice with closed eyes.
 * @param {string} seat
 */
export function chosenEyesClosed(seat) {
  return kept(`${EYES}.${seat}`) === "closed";
}

/**
 * @param {string} seat
 * @param {boolean} wanted
 */
export function chooseEyesClosed(seat, wanted) {
  keep(`${EYES}.${seat}`, wanted ? "closed" : "");
}

/**
 * What was chosen on the pages of a seat to hear, and for closed eyes, is chosen no more.
 * @param {string} seat
 */
export function forgetHearing(seat) {
  for (const name of [HEARD, EYES]) keep(`${name}.${seat}`, "", 0);
}

/** @param {string} name */
function kept(name) {
  const said = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
  return said?.slice(name.length + 1) ?? "";
}

/**
 * @param {string} name
 * @param {string} value
 * @param {number} [for_s]
 */
function keep(name, value, for_s = YEAR_S) {
  document.cookie = `${name}=${value}; max-age=${for_s}; path=/; samesite=strict`;
}
