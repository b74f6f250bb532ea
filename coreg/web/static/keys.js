/**
 * The keyboard, heard here before anything on the page hears it.
 *
 * On a screen of a practice Space and Esc pause, whatever has the focus: no button there
 * keeps them, and whoever wants a moment need not look where the focus is. Elsewhere Esc
 * leaves a page that is for one alone, at once and also while that one types; for the
 * other keys, single keys act except while somebody types.
 */

/** @type {Record<string, string[]>} keys, and the controls that keep them */
const OWN_KEYS = {
  " ": ["BUTTON", "A", "INPUT", "SELECT", "SUMMARY"],
  n: [],
  m: [],
  s: [],
  f: [],
  j: [],
  1: [],
  2: [],
  3: [],
  4: [],
  5: [],
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

/** @param {KeyboardEvent} event of some keyboards a space is another character */
function isPause({ key, code }) {
  return key === " " || code === "Space" || key === "Escape";
}

/** @param {KeyboardEvent} event */
function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}

/**
 * @param {{
 *   isPractising: boolean, pause: () => void, escape: () => void,
 *   pressKey: (key: string) => void,
 * }} app
 */
export function listenToKeys(app) {
  const early = { capture: true };
  let swallowed = ""; // a button acts when its key is let go: that is swallowed too
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (app.isPractising && isPause(event)) {
      swallow(event);
      swallowed = event.key;
      if (!event.repeat) app.pause();
      return;
    }
    if (event.key === "Escape" && !document.querySelector("dialog[open]:not(.help)")) {
      for (const help of document.querySelectorAll("dialog.help")) help.remove();
      app.escape(); // what lies beneath goes too
      return;
    }
    const key = event.key.toLowerCase();
    if (event.repeat || !Object.hasOwn(OWN_KEYS, key)) return;
    if (isTaken(document.activeElement, key)) return;
    event.preventDefault();
    app.pressKey(key);
  }, early);
  addEventListener("keyup", (event) => {
    if (event.key !== swallowed) return;
    swallow(event);
    swallowed = "";
  }, early);
}
