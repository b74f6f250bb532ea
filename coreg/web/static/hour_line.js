/**
 * An hour as a picture, for its therapist: parts and pauses, the pace, hearts that may be
 * seen, and the therapist's own marks and notes, each of which the keyboard reaches.
 */

import { h, say, svg } from "./dom.js";
import { fill, WORDS } from "./words.js";

const WIDTH = 640;
const LEFT = 8;
const RIGHT = 8;
const PART_HIGH = 30;
const LANE_HIGH = 92;
const PACE_HIGH = 44;
const MARK_HIGH = 24;
const MARK_ROWS = 3;
const MARK_WIDE = 22;
const LETTER_WIDE = 7.6;
const LEAST_SPAN_BPM = 20;
const MINUTE_S = 60;

/** @param {any} line */
export function hourPicture(line) {
  const told = h("p", { class: "small hour-told", "aria-hidden": "true" });
  const minutes = Math.max(1, Math.round(line.length_s / MINUTE_S));
  const scale = (WIDTH - LEFT - RIGHT) / Math.max(line.length_s, 1);
  const x = (/** @type {number} */ t_s) => LEFT + t_s * scale;
  const lanes = PART_HIGH + 8;
  const paceTop = lanes + line.hearts.length * LANE_HIGH;
  const markTop = paceTop + (line.paces.length > 0 ? PACE_HIGH : 0);
  const rows = rowsOf(line.moments, x);
  const axis = markTop + MARK_HIGH * Math.max(1, ...rows.map((row) => row + 1)) + 8;
  const alt = fill(WORDS.clinic.picture.alt, {
    n: minutes, parts: line.parts.length, pauses: line.pauses.length,
    marks: line.moments.filter((/** @type {any} */ each) => each.key > 0).length,
    notes: line.moments.filter((/** @type {any} */ each) => each.key === 0).length,
  });
  const picture = svg(
    "svg", { viewBox: `0 0 ${WIDTH} ${axis + 26}`, class: "hour-line", role: "group", "aria-label": alt },
    ...line.parts.map((/** @type {any} */ part, /** @type {number} */ i) => partOf(part, i, x, axis)),
    ...line.pauses.map((/** @type {any} */ pause) => svg(
      "rect", {
        x: x(pause.start_s), y: PART_HIGH + 4, class: "pause",
        width: Math.max(2, (pause.end_s - pause.start_s) * scale), height: axis - PART_HIGH - 4,
      },
      titleOf(WORDS.clinic.picture.pause),
    )),
    ...line.hearts.flatMap((/** @type {any} */ heart, /** @type {number} */ i) =>
      laneOf(heart, lanes + i * LANE_HIGH, x, spanOf(line.hearts)),
    ),
    ...line.paces.map((/** @type {any} */ pace) => paceOf(pace, line.paces, paceTop, x)),
    ...line.moments.map((/** @type {any} */ moment, /** @type {number} */ i) =>
      momentOf(moment, x(moment.t_s), markTop + (rows[i] ?? 0) * MARK_HIGH, told),
    ),
    ...axisOf(line.length_s, axis, x),
  );
  return h(
    "figure", { class: "hour-picture" },
    h("div", { class: "hour-scroll", tabindex: "0", role: "region", "aria-label": WORDS.clinic.picture.label }, picture),
    told,
    h("figcaption", { class: "small" },
      line.hearts.length > 0 ? WORDS.clinic.picture.hearts : WORDS.clinic.picture.noHearts),
  );
}

/**
 * Which row each mark stands in, so that none lies on another one.
 * @param {any[]} moments
 * @param {(t_s: number) => number} x
 */
function rowsOf(moments, x) {
  /** @type {number[]} */
  const until = [];
  return moments.map((moment) => {
    const at = x(moment.t_s);
    const free = until.findIndex((end) => end <= at);
    const row = free >= 0 ? free : Math.min(until.length, MARK_ROWS - 1);
    until[row] = at + MARK_WIDE;
    return row;
  });
}

/**
 * @param {any} part
 * @param {number} i
 * @param {(t_s: number) => number} x
 * @param {number} axis
 */
function partOf(part, i, x, axis) {
  const [left, right] = [x(part.start_s), x(part.end_s)];
  const fits = Math.floor((right - left - 12) / LETTER_WIDE);
  const words = part.words.length <= fits ? part.words
    : fits >= 4 ? `${part.words.slice(0, fits - 1)}…` : "";
  const label = svg("text", { x: left + 6, y: 20, class: "part-words" });
  label.textContent = words;
  return svg(
    "g", {},
    svg("rect", { x: left, y: 0, width: Math.max(1, right - left), height: PART_HIGH, class: i % 2 ? "part odd" : "part" }),
    svg("line", { x1: left, x2: left, y1: PART_HIGH, y2: axis, class: "edge" }),
    label, titleOf(part.words),
  );
}

/** @param {any[]} hearts the same scale for all: none looks livelier than it is */
function spanOf(hearts) {
  const spans = hearts.map(({ bpm }) => {
    const known = bpm.filter((/** @type {any} */ each) => each !== null);
    return known.length > 0 ? Math.max(...known) - Math.min(...known) : 0;
  });
  return Math.max(LEAST_SPAN_BPM, ...spans);
}

/**
 * @param {any} heart
 * @param {number} top
 * @param {(t_s: number) => number} x
 * @param {number} span_bpm
 */
function laneOf(heart, top, x, span_bpm) {
  const known = heart.bpm.filter((/** @type {any} */ each) => each !== null);
  const middle = known.length > 0 ? (Math.max(...known) + Math.min(...known)) / 2 : 0;
  const high = LANE_HIGH - 30;
  let d = "";
  let isDown = false;
  heart.t_s.forEach((/** @type {number} */ t_s, /** @type {number} */ i) => {
    const bpm = heart.bpm[i];
    if (bpm === null || bpm === undefined) {
      isDown = false; // a gap stays one
      return;
    }
    const y = top + 22 + high / 2 - ((bpm - middle) / span_bpm) * high;
    d += `${isDown ? "L" : "M"}${x(t_s).toFixed(1)} ${y.toFixed(1)}`;
    isDown = true;
  });
  const name = svg("text", { x: LEFT + 4, y: top + 14, class: "lane-words" });
  name.textContent = heart.name;
  return [name, svg("path", { d, class: `heart-line ${heart.partner.toLowerCase()}` })];
}

/**
 * @param {any} pace
 * @param {any[]} all
 * @param {number} top
 * @param {(t_s: number) => number} x
 */
function paceOf(pace, all, top, x) {
  const paces = all.map((each) => each.breaths_per_min);
  const [least, most] = [Math.min(...paces), Math.max(...paces)];
  const y = top + 34 - (most > least ? ((pace.breaths_per_min - least) / (most - least)) * 12 : 0);
  const [left, right] = [x(pace.start_s), x(pace.end_s)];
  const per_min = fill(WORDS.clinic.picture.pace, { pace: String(pace.breaths_per_min) });
  const label = svg("text", { x: left + 2, y: y - 6, class: "lane-words" });
  // Where the pace glides, each stretch is short, and only its line is drawn.
  const next = all[all.indexOf(pace) + 1];
  const room = (next ? x(next.start_s) : WIDTH) - left;
  if (room > per_min.length * LETTER_WIDE) label.textContent = per_min;
  return svg("g", {}, svg("line", { x1: left, x2: right, y1: y, y2: y, class: "pace" }), label, titleOf(per_min));
}

/**
 * @param {any} moment
 * @param {number} at
 * @param {number} top
 * @param {HTMLElement} told
 */
function momentOf(moment, at, top, told) {
  const isMark = moment.key > 0;
  const words = fill(isMark ? WORDS.clinic.picture.mark : WORDS.clinic.picture.note, {
    at: clock(moment.t_s), key: moment.key, words: moment.words,
  });
  const sign = svg("text", { x: at, y: top + 16, "text-anchor": "middle", class: "sign" });
  sign.textContent = isMark ? String(moment.key) : "N";
  const shape = isMark
    ? svg("circle", { cx: at, cy: top + 11, r: 10 })
    : svg("rect", { x: at - 9, y: top + 2, width: 18, height: 18, rx: 3 });
  const element = svg(
    "g", { class: "moment", tabindex: 0, role: "img", "aria-label": words },
    svg("line", { x1: at, x2: at, y1: PART_HIGH + 4, y2: top, class: "at" }), shape, sign, titleOf(words),
  );
  for (const type of ["focus", "pointerenter"]) {
    element.addEventListener(type, () => say(told, words));
  }
  return element;
}

/**
 * @param {number} length_s
 * @param {number} y
 * @param {(t_s: number) => number} x
 */
function axisOf(length_s, y, x) {
  const step_s = MINUTE_S * (length_s > 25 * MINUTE_S ? 10 : length_s > 8 * MINUTE_S ? 5 : 1);
  const ticks = [];
  for (let t_s = 0; t_s <= length_s; t_s += step_s) {
    const anchor = t_s === 0 ? "start" : length_s - t_s < MINUTE_S ? "end" : "middle";
    const label = svg("text", { x: x(t_s), y: y + 18, "text-anchor": anchor, class: "lane-words" });
    const at = String(t_s / MINUTE_S);
    label.textContent = t_s === 0 ? fill(WORDS.clinic.picture.minutes, { n: at }) : at;
    ticks.push(svg("line", { x1: x(t_s), x2: x(t_s), y1: y, y2: y + 5, class: "edge" }), label);
  }
  return [svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y, class: "edge" }), ...ticks];
}

/** @param {number} t_s */
function clock(t_s) {
  const whole = Math.max(0, Math.floor(t_s));
  return `${Math.floor(whole / MINUTE_S)}:${String(whole % MINUTE_S).padStart(2, "0")}`;
}

/** @param {string} words */
function titleOf(words) {
  const element = svg("title", {});
  element.textContent = words;
  return element;
}
