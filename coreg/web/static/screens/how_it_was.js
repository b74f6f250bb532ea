/** How somebody was before and after, in their own figures: two dots on each line. */

import { h, svg } from "../dom.js";
import { fill, LANGUAGE, WORDS } from "../words.js";
import { SCALES } from "./ratings.js";

const WIDTH = 440;
const EDGE = 10;

/**
 * @param {any[]} lines all that somebody said of one evening
 * @returns {HTMLElement[]} nothing where nothing was rated
 */
export function howItWas(lines) {
  const rows = SCALES.map((name) => ({
    name, before: lastOf(lines, "before", name), after: lastOf(lines, "after", name),
  })).filter(({ before, after }) => before !== null || after !== null);
  if (rows.length === 0) return [];
  return [h(
    "section", { class: "part" },
    h("h2", {}, WORDS.own.howTitle),
    h("p", { class: "small" }, WORDS.own.howKey),
    ...rows.map(row),
    ...(isTurned(lines) ? [h("p", { class: "small" }, WORDS.own.howTurned)] : []),
  )];
}

/**
 * The newest of what was said, all on one scale from the least to the most.
 * @param {any[]} lines
 * @param {string} moment
 * @param {import("./ratings.js").Scale} name
 * @returns {number | null}
 */
function lastOf(lines, moment, name) {
  const said = lines
    .filter((line) => line.text === null && line.block === moment)
    .map((line) => (name === "wide_awake" ? line[name] ?? turned(line.awake) : line[name]))
    .filter((value) => value !== null);
  return said.at(-1) ?? null;
}

/**
 * Whether a figure that is drawn was asked on the scale of coreg 0.1.
 * @param {any[]} lines
 */
const isTurned = (lines) => ["before", "after"].some((moment) => {
  const said = lines.filter((line) => line.text === null && line.block === moment
    && (line.wide_awake ?? line.awake) !== null);
  return said.length > 0 && (said.at(-1).wide_awake ?? null) === null;
});

const figures = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 2 });

/**
 * Until coreg 0.1 sleepiness was asked, from 1 very alert to 9 fighting sleep.
 * @param {number | null} sleepiness
 */
const turned = (sleepiness) => (sleepiness === null ? null : (10 * (9 - sleepiness)) / 8);

/** @param {{name: import("./ratings.js").Scale, before: number | null, after: number | null}} of */
function row({ name, before, after }) {
  const words = WORDS.ratings[name];
  const told = [
    before !== null && fill(WORDS.own.howBefore, { value: figures.format(before) }),
    after !== null && fill(WORDS.own.howAfter, { value: figures.format(after) }),
  ].filter(Boolean).join(" ");
  const dots = svg(
    "svg", { viewBox: `0 0 ${WIDTH} 24`, class: "how", role: "img", "aria-label": `${words.ask}. ${told}` },
    svg("line", { x1: 0, x2: WIDTH, y1: 12, y2: 12 }),
    ...dot(before, "before", 8), ...dot(after, "after", 6.5),
  );
  return h(
    "div", { class: "how-row" },
    h("span", { class: "how-name", "aria-hidden": "true" }, words.ask),
    dots,
    h(
      "div", { class: "ends small", "aria-hidden": "true" },
      h("span", {}, words.low), h("span", {}, words.high),
    ),
  );
}

/** @param {number | null} value @param {string} kind @param {number} r */
function dot(value, kind, r) {
  if (value === null) return [];
  const cx = EDGE + ((WIDTH - 2 * EDGE) * value) / 10;
  return [svg("circle", { cx, cy: 12, r, class: kind })];
}
