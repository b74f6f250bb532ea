/** Small helpers to build pages by hand; text goes in as text, never as HTML. */

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * An element with attributes, listeners (`onClick`) and children.
 * @param {string} tag
 * @param {Record<string, any>} [given]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2).toLowerCase(), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  const shown = children.flat().filter((child) => child || child === "");
  element.append(.../** @type {(Node | string)[]} */ (shown));
  return element;
}

/**
 * The one button that matters.
 * @param {string} words
 * @param {() => void} onClick
 * @param {Record<string, any>} [given]
 */
export function mainButton(words, onClick, given = {}) {
  return h("button", { type: "button", class: "main", onClick, ...given }, words);
}

/**
 * A button that waits quietly.
 * @param {string} words
 * @param {() => void} onClick
 * @param {Record<string, any>} [given]
 */
export function quietButton(words, onClick, given = {}) {
  return h("button", { type: "button", class: "quiet", onClick, ...given }, words);
}

/**
 * A button that looks like a link in a sentence.
 * @param {string} words
 * @param {() => void} onClick
 * @param {Record<string, any>} [given]
 */
export function linkButton(words, onClick, given = {}) {
  return h("button", { type: "button", class: "link", onClick, ...given }, words);
}

/**
 * A box to tick, with what it means beneath.
 * @param {string} words
 * @param {string} [hint]
 * @param {Record<string, any>} [given]
 */
export function tick(words, hint = "", given = {}) {
  const box = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", ...given }));
  const element = h(
    "label", { class: "choice long" },
    box, h("span", {}, words, hint && h("small", {}, hint)),
  );
  return { element, box };
}

/**
 * The title of a screen; it takes the focus when the screen comes.
 * @param {string} words
 * @param {Record<string, any>} [given]
 */
export function title(words, given = {}) {
  return h("h1", { tabindex: "-1", ...given }, words);
}

/**
 * Set words only where they changed, so that nothing is read aloud twice.
 * @param {Element} element
 * @param {string} words
 */
export function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * An SVG element.
 * @param {string} tag
 * @param {Record<string, string | number>} given
 * @param {...Node} children
 */
export function svg(tag, given, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(given)) {
    element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/**
 * The mark of a partner: a disc for A, a diamond for B. Shape first, colour second.
 * @param {"A"|"B"} partner
 */
export function mark(partner) {
  const shape = partner === "A"
    ? svg("circle", { cx: 8, cy: 8, r: 6.5 })
    : svg("path", { d: "M8 .8 15.2 8 8 15.2 .8 8Z" });
  return svg(
    "svg",
    { viewBox: "0 0 16 16", class: `mark ${partner.toLowerCase()}`, "aria-hidden": "true" },
    shape,
  );
}
