/** How near somebody is to what they wish for, day after day: dots on a line, no verdict. */

import { h, svg } from "./dom.js";
import { fill, WORDS } from "./words.js";

/** @typedef {{day: string, value: number}} Near */

const WIDTH = 440;
const HEIGHT = 96;
const EDGE = 10;
const MOST = 10;
const SHOWN = 26; // half a year of weeks

/**
 * @param {Near[]} points oldest first
 * @returns {HTMLElement | null} nothing where there is one answer or none
 */
export function nearPicture(points) {
  const shown = points.slice(-SHOWN);
  if (shown.length < 2) return null;
  const step = (WIDTH - 2 * EDGE) / (shown.length - 1);
  const places = shown.map(({ value }, i) => [
    EDGE + i * step, HEIGHT - EDGE - ((HEIGHT - 2 * EDGE) * value) / MOST,
  ]);
  const told = shown.map((each) => fill(WORDS.wish.on, each)).join(" ");
  return h(
    "figure", { class: "near" },
    h("figcaption", { class: "small" }, WORDS.wish.picture),
    svg(
      "svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": told },
      ...[EDGE, HEIGHT - EDGE].map((y) => svg("line", { x1: 0, x2: WIDTH, y1: y, y2: y })),
      svg("polyline", { points: places.map((place) => place.join(" ")).join(" ") }),
      ...places.map(([cx, cy]) => svg("circle", { cx, cy, r: 5 })),
    ),
    h(
      "div", { class: "ends small", "aria-hidden": "true" },
      h("span", {}, shown[0].day), h("span", {}, shown[shown.length - 1].day),
    ),
  );
}
