/** Choices that belong to this browser alone, such as words for a screen reader. */

const SPOKEN = "coreg.spoken-breath";

export function wantsSpokenBreath() {
  return localStorage.getItem(SPOKEN) === "yes";
}

/** @param {boolean} wanted */
export function setSpokenBreath(wanted) {
  localStorage.setItem(SPOKEN, wanted ? "yes" : "no");
}
