/** The keyboard: single keys act, except while somebody types or a control has them. */

/** @type {Record<string, string[]>} keys, and the controls that keep them */
const OWN_KEYS = {
  " ": ["BUTTON", "A", "INPUT", "SELECT", "SUMMARY"],
  n: [],
  m: [],
  s: [],
  f: [],
  j: [],
};

/**
 * Whether this key belongs to what has the focus and not to the page.
 * @param {Element | null} focused
 * @param {string} key
 */
function isTaken(focused, key) {
  if (document.querySelector("dialog[open]")) return true;
  const tag = focused?.tagName ?? "";
  if (tag === "TEXTAREA" || (tag === "INPUT" && focused?.getAttribute("type") === "text")) {
    return true;
  }
  return OWN_KEYS[key].includes(tag);
}

/** @param {{pressKey: (key: string) => void}} app */
export function listenToKeys(app) {
  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (!Object.hasOwn(OWN_KEYS, key) || isTaken(document.activeElement, key)) return;
    event.preventDefault();
    app.pressKey(key);
  });
}
