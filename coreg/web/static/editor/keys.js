/** The keys of the editor: all of it can be done with them. */

/** @typedef {import("./tools.js").What} What */

/** @type {Record<string, What>} */
const PLAIN = {
  ArrowLeft: "left",
  ArrowRight: "right",
  PageDown: "far",
  PageUp: "back",
  Home: "first",
  End: "last",
  n: "next",
  p: "previous",
  a: "accept",
  r: "reject",
  e: "ectopic",
  i: "insert",
  d: "delete",
  Delete: "delete",
  "+": "in",
  "=": "in",
  "-": "out",
  0: "whole",
};
/** @type {Record<string, What>} */
const SHIFTED = { ArrowLeft: "more-left", ArrowRight: "more-right" };
/** What goes on for as long as a key is held. */
const REPEATS = new Set([
  "left", "right", "more-left", "more-right", "far", "back", "next", "previous", "in", "out",
  "undo", "redo",
]);

/**
 * @param {KeyboardEvent} event
 * @returns {What | undefined}
 */
function meant(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.altKey) return undefined;
  if (event.ctrlKey || event.metaKey) {
    if (key === "z") return event.shiftKey ? "redo" : "undo";
    return key === "y" && event.ctrlKey ? "redo" : undefined;
  }
  if (event.shiftKey && SHIFTED[key]) return SHIFTED[key];
  return Object.hasOwn(PLAIN, key) ? PLAIN[key] : undefined;
}

/** @param {(what: What) => void} act */
export function listenToKeys(act) {
  addEventListener("keydown", (event) => {
    const what = meant(event);
    if (!what) return;
    event.preventDefault();
    if (!event.repeat || REPEATS.has(what)) act(what);
  });
}
