/** The figures of a recording, before the corrections and after them. */

import { h } from "../dom.js";
import { WORDS } from "../words.js";

const words = WORDS.editor.figures;

/** @typedef {{name: string, meaning: string, unit: string, before: string, after: string, changed: boolean, known: {before: boolean, after: boolean}}} Row */

/**
 * Show figures; none where they are being worked out, which those of before stay for.
 * @param {HTMLElement} element
 * @param {{rows: Row[], cautions: string[]} | null} told
 */
export function showFigures(element, told) {
  element.setAttribute("aria-busy", String(told === null));
  if (told === null) {
    element.classList.add("old");
    const working = element.querySelector(".working");
    if (working) working.textContent = words.working;
    else element.replaceChildren(heading(words.working));
    return;
  }
  element.classList.remove("old");
  element.replaceChildren(
    heading(""),
    h(
      "table", {},
      h("caption", { class: "unseen" }, words.caption),
      h("thead", {}, h(
        "tr", {},
        h("th", { scope: "col" }, words.name),
        h("th", { scope: "col", class: "number" }, words.before),
        h("th", { scope: "col", class: "number" }, words.after),
        h("th", { "aria-hidden": "true" }),
      )),
      h("tbody", {}, told.rows.map(rowOf)),
    ),
    ...told.cautions.map((each) => h("p", { class: "caution" }, each)),
  );
}

/** @param {string} working */
function heading(working) {
  return h(
    "div", { class: "heading" },
    h("h2", {}, words.title), h("p", { class: "working small", "aria-live": "polite" }, working),
  );
}

/** @param {Row} row */
function rowOf(row) {
  return h(
    "tr", { class: row.changed ? "changed" : "" },
    h("th", { scope: "row" }, h("div", {}, h("span", {}, row.name), h("small", {}, row.meaning))),
    h("td", { class: "number" }, row.before),
    h("td", { class: "number" }, row.after),
    h("td", { class: "unit" }, row.known.before || row.known.after ? row.unit : ""),
  );
}
