/**
 * Intervals over time, drawn by hand: only what is in view.
 *
 * Zoomed out, where several beats share a pixel, each column of pixels is a line from the
 * shortest to the longest interval that counts in it, so that nothing thin is skipped.
 * What was left out has a shape for each reason, never a colour alone; zoomed out it is a
 * tick in a row of its own, so that one beat in a day is seen.
 */

import { DID, LABELS } from "./beats.js";

/** @typedef {{start_s: number, end_s: number}} View */
/** @typedef {{paper: string, ink: string, quiet: string, line: string, out: string, hand: string, chosen: string, gap: string}} Colours */

const LEFT = 56;
const RIGHT = 12;
const TOP = 26;
const BOTTOM = 30;
const DENSE_PX = 2.2; // less for a beat than this, and columns are drawn instead
const DOTS_PX = 5;
const EDGE = 32; // above and below: for what is further than the picture reaches
const VALUE_PX = 34; // that its value takes
const ARROW_PX = 9;
const TIME_STEPS_S = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
];
const RR_STEPS_MS = [20, 50, 100, 200, 500, 1000];

/**
 * The part of a canvas that shows beats.
 * @param {number} width
 * @param {number} height
 */
export const room = (width, height) => ({
  left: LEFT, top: TOP, width: width - LEFT - RIGHT, height: height - TOP - BOTTOM,
});

/**
 * Make a canvas as sharp as the screen, and return how to draw on it.
 * @param {HTMLCanvasElement} canvas
 */
export function sharp(canvas) {
  const scale = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  const on = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  on.setTransform(scale, 0, 0, scale, 0, 0);
  on.clearRect(0, 0, width, height);
  return { on, width, height };
}

/** The colours of the page, as its style sheet has them now. @returns {Colours} */
export function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    paper: of("--card"), ink: of("--ink"), quiet: of("--quiet"), line: of("--hairline"),
    out: of("--left-out"), hand: of("--by-hand"), chosen: of("--chosen"), gap: of("--sand"),
  };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {import("./beats.js").Beats} beats
 * @param {View} view
 * @param {{first: number, last: number}} chosen
 * @param {[number, number]} reach_ms
 * @param {Colours} colour
 */
export function drawTachogram(canvas, beats, view, chosen, reach_ms, colour) {
  const { on, width, height } = sharp(canvas);
  const { left, top, width: wide, height: high } = room(width, height);
  const perS = wide / (view.end_s - view.start_s);
  const x = (/** @type {number} */ t_s) => left + (t_s - view.start_s) * perS;
  const [low, most] = reach_ms;
  const y = (/** @type {number} */ rr) =>
    top + EDGE + (high - 2 * EDGE) * (1 - (Math.min(most, Math.max(low, rr)) - low) / (most - low));
  const first = Math.max(0, beats.from(view.start_s) - 1);
  const last = Math.min(beats.length - 1, beats.from(view.end_s) + 1);
  const seen = { on, beats, first, last, x, y, colour, left, top, wide, high };
  drawScale(seen, view, reach_ms);
  on.save();
  on.beginPath();
  on.rect(left, 0, wide, top + high + 1);
  on.clip();
  drawGaps(seen);
  drawChosen(seen, chosen);
  const beatPx = wide / Math.max(1, last - first);
  if (beatPx < DENSE_PX) drawDense(seen);
  else drawBeats(seen, beatPx);
  drawBeyond(seen, reach_ms, beatPx);
  if (beatPx < DOTS_PX) drawTicks(seen);
  drawRing(seen, chosen);
  on.restore();
}

/**
 * @typedef {{
 *   on: CanvasRenderingContext2D, beats: import("./beats.js").Beats, first: number,
 *   last: number, x: (t_s: number) => number, y: (rr_ms: number) => number,
 *   colour: Colours, left: number, top: number, wide: number, high: number,
 * }} Seen
 */

/**
 * @param {Seen} seen
 * @param {View} view
 * @param {[number, number]} reach_ms
 */
function drawScale({ on, x, y, colour, left, top, wide, high }, view, [low, most]) {
  on.font = '13px Inter, "Segoe UI", system-ui, sans-serif';
  on.fillStyle = colour.quiet;
  on.strokeStyle = colour.line;
  on.lineWidth = 1;
  on.textBaseline = "middle";
  on.textAlign = "right";
  const step = RR_STEPS_MS.find((each) => (most - low) / each <= 6) ?? 2000;
  for (let rr = Math.ceil(low / step) * step; rr <= most; rr += step) {
    const at = Math.round(y(rr)) + 0.5;
    on.beginPath();
    on.moveTo(left, at);
    on.lineTo(left + wide, at);
    on.stroke();
    on.fillText(`${rr}`, left - 10, at);
  }
  on.textAlign = "left";
  on.fillText("ms", left - 27, top - 14);
  on.textBaseline = "top";
  const span_s = view.end_s - view.start_s;
  const step_s = TIME_STEPS_S.find((each) => (each / span_s) * wide >= 84) ?? 86_400;
  on.textAlign = "center";
  for (let t_s = Math.ceil(view.start_s / step_s) * step_s; t_s <= view.end_s; t_s += step_s) {
    const at = x(t_s);
    if (at < left + 14 || at > left + wide - 18) continue;
    on.fillText(clock(t_s), at, top + high + 10);
  }
}

/** @param {Seen} seen */
function drawGaps({ on, beats, first, last, x, colour, top, high }) {
  on.fillStyle = colour.gap;
  for (let i = Math.max(1, first); i <= last; i += 1) {
    if (!beats.lost[i]) continue;
    const from = x(beats.t_s[i - 1]);
    const to = x(beats.t_s[i] - beats.rr_ms[i] / 1000);
    on.fillRect(from, top, Math.max(1, to - from), high);
  }
}

/**
 * @param {Seen} seen
 * @param {{first: number, last: number}} chosen
 */
function drawChosen({ on, beats, x, colour, top, high }, chosen) {
  const from = x(beats.t_s[chosen.first] - beats.rr_ms[chosen.first] / 1000);
  const to = x(beats.t_s[chosen.last]);
  on.fillStyle = colour.chosen;
  on.fillRect(from, top, Math.max(2, to - from), high);
  on.strokeStyle = colour.quiet; // some see no shade of that kind
  on.lineWidth = 1;
  on.strokeRect(from, top, Math.max(2, to - from), high);
}

/**
 * What counts as a line, and behind it, faintly, what does not: of a rhythm that is
 * irregular all day there would be nothing to see.
 * @param {Seen} seen
 */
function drawDense(seen) {
  const { on, colour } = seen;
  on.fillStyle = colour.out;
  on.globalAlpha = 0.35;
  drawColumns(seen, 0);
  on.fillStyle = colour.ink;
  on.globalAlpha = 0.8;
  drawColumns(seen, 1);
  on.globalAlpha = 1;
}

/**
 * For each column of pixels how far the line of beats reaches in it: what a line of as
 * many points would show, for a tenth of its time.
 * @param {Seen} seen
 * @param {0 | 1} which those that count, or those that do not
 */
function drawColumns({ on, beats, first, last, x, y, left, wide }, which) {
  const columns = Math.ceil(wide) + 1;
  const top = new Float32Array(columns).fill(Infinity);
  const low = new Float32Array(columns).fill(-Infinity);
  const reach = (/** @type {number} */ column, /** @type {number} */ at) => {
    if (column < 0 || column >= columns) return;
    if (at < top[column]) top[column] = at;
    if (at > low[column]) low[column] = at;
  };
  let [before, beforeAt] = [0, 0];
  for (let i = first; i <= last; i += 1) {
    if (beats.counts[i] !== which) continue;
    const [here, at] = [x(beats.t_s[i]) - left, y(beats.rr_ms[i])];
    reach(Math.floor(here), at);
    if (i > first && beats.counts[i - 1] === which && !beats.lost[i]) {
      for (let edge = Math.floor(before) + 1; edge <= here; edge += 1) {
        const between = beforeAt + ((at - beforeAt) * (edge - before)) / (here - before);
        reach(edge - 1, between);
        reach(edge, between);
      }
    }
    [before, beforeAt] = [here, at];
  }
  for (let column = 0; column < columns; column += 1) {
    if (low[column] < top[column]) continue;
    on.fillRect(left + column, top[column] - 0.6, 1, low[column] - top[column] + 1.2);
  }
}

/**
 * All intervals as they were sent, faintly: what was left out stays where it was.
 * @param {Seen} seen
 */
function drawAsSent({ on, beats, first, last, x, y, colour }) {
  on.strokeStyle = colour.line;
  on.lineWidth = 1.2;
  on.beginPath();
  for (let i = first; i <= last; i += 1) {
    if (i > first && !beats.lost[i]) on.lineTo(x(beats.t_s[i]), y(beats.rr_ms[i]));
    else on.moveTo(x(beats.t_s[i]), y(beats.rr_ms[i]));
  }
  on.stroke();
}

/**
 * @param {Seen} seen
 * @param {number} beatPx
 */
function drawBeats(seen, beatPx) {
  const { on, beats, first, last, x, y, colour } = seen;
  drawAsSent(seen);
  on.strokeStyle = colour.ink;
  on.lineWidth = beatPx > 12 ? 1.6 : 1.1;
  on.lineJoin = "round";
  on.beginPath();
  for (let i = first; i <= last; i += 1) {
    if (!beats.counts[i]) continue;
    const isJoined = i > first && beats.counts[i - 1] && !beats.lost[i];
    if (isJoined) on.lineTo(x(beats.t_s[i]), y(beats.rr_ms[i]));
    else on.moveTo(x(beats.t_s[i]), y(beats.rr_ms[i]));
  }
  on.stroke();
  if (beatPx < DOTS_PX) return;
  const size = Math.min(4.5, 1.5 + beatPx / 8);
  for (let i = first; i <= last; i += 1) {
    const [at, high] = [x(beats.t_s[i]), y(beats.rr_ms[i])];
    drawBeat(on, beats, i, at, high, size, colour);
  }
}

/**
 * An arrow at each interval that is further than the picture reaches, and how long it is
 * where there is room: a mark at the edge says neither. Where several share a place, and
 * one of those left out would be drawn as a tick, only those that count are.
 * @param {Seen} seen
 * @param {[number, number]} reach_ms
 * @param {number} beatPx
 */
function drawBeyond({ on, beats, first, last, x, y, colour }, [low, most], beatPx) {
  on.font = '13px Inter, "Segoe UI", system-ui, sans-serif';
  on.textAlign = "center";
  on.textBaseline = "middle";
  on.lineWidth = 1.8;
  for (const way of [1, -1]) { // down and up
    const [edge, arrow, value] = [y(way > 0 ? low : most), 9 * way, 23 * way];
    let [arrowAt, valueAt] = [-Infinity, -Infinity];
    for (let i = first; i <= last; i += 1) {
      if (way > 0 ? beats.rr_ms[i] >= low : beats.rr_ms[i] <= most) continue;
      if (beatPx < DOTS_PX && !beats.counts[i]) continue;
      const at = x(beats.t_s[i]);
      if (beatPx < DOTS_PX && at - arrowAt < ARROW_PX) continue;
      arrowAt = at;
      const ink = beats.counts[i] ? colour.ink : colour.out;
      on.strokeStyle = beats.did[i] ? colour.hand : ink;
      on.beginPath();
      on.moveTo(at - 4, edge + arrow);
      on.lineTo(at, edge + arrow + 4 * way);
      on.lineTo(at + 4, edge + arrow);
      on.stroke();
      if (at - valueAt < VALUE_PX) continue;
      valueAt = at;
      on.fillStyle = on.strokeStyle;
      on.fillText(`${Math.round(beats.rr_ms[i])}`, at, edge + value);
    }
  }
}

/**
 * @param {CanvasRenderingContext2D} on
 * @param {import("./beats.js").Beats} beats
 * @param {number} i
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {Colours} colour
 */
function drawBeat(on, beats, i, x, y, size, colour) {
  const did = DID[beats.did[i]];
  if (beats.counts[i]) {
    on.fillStyle = did ? colour.hand : colour.ink;
    on.beginPath();
    if (did) on.rect(x - size, y - size, 2 * size, 2 * size);
    else on.arc(x, y, size * 0.75, 0, 2 * Math.PI);
    on.fill();
    return;
  }
  on.strokeStyle = did ? colour.hand : colour.out;
  on.fillStyle = colour.paper;
  on.lineWidth = 1.8;
  on.beginPath();
  shape(on, did || LABELS[beats.label[i]], x, y, size + 1.2);
  on.fill();
  on.stroke();
}

/**
 * A shape for each reason to leave a beat out.
 * @param {CanvasRenderingContext2D} on
 * @param {string} why
 * @param {number} x
 * @param {number} y
 * @param {number} size
 */
export function shape(on, why, x, y, size) {
  switch (why) {
    case "missed": // a triangle up: it is too long
    case "long":
      on.moveTo(x, y - size * 1.15);
      on.lineTo(x + size * 1.1, y + size * 0.85);
      on.lineTo(x - size * 1.1, y + size * 0.85);
      on.closePath();
      break;
    case "extra":
    case "short":
      on.moveTo(x, y + size * 1.15);
      on.lineTo(x + size * 1.1, y - size * 0.85);
      on.lineTo(x - size * 1.1, y - size * 0.85);
      on.closePath();
      break;
    case "ectopic":
      on.moveTo(x, y - size * 1.25);
      on.lineTo(x + size * 1.25, y);
      on.lineTo(x, y + size * 1.25);
      on.lineTo(x - size * 1.25, y);
      on.closePath();
      break;
    case "reject":
    case "marked": // by the file it was read from
      on.moveTo(x - size, y - size);
      on.lineTo(x + size, y + size);
      on.moveTo(x + size, y - size);
      on.lineTo(x - size, y + size);
      break;
    case "gap":
      on.rect(x - size, y - size, 2 * size, 2 * size);
      break;
    default:
      on.arc(x, y, size, 0, 2 * Math.PI);
  }
}

/** @param {Seen} seen */
function drawTicks({ on, beats, first, last, x, colour }) {
  let [outAt, handAt] = [-Infinity, -Infinity];
  for (let i = first; i <= last; i += 1) {
    const byHand = beats.did[i] !== 0;
    if (beats.counts[i] && !byHand) continue;
    const at = Math.round(x(beats.t_s[i]));
    if (at === (byHand ? handAt : outAt)) continue;
    if (byHand) handAt = at;
    else outAt = at;
    on.fillStyle = byHand ? colour.hand : colour.out;
    on.fillRect(at - 0.75, byHand ? 2 : 13, 1.5, 8);
  }
}

/**
 * @param {Seen} seen
 * @param {{first: number, last: number}} chosen
 */
function drawRing({ on, beats, x, y, colour }, chosen) {
  if (chosen.first !== chosen.last) return;
  on.strokeStyle = colour.ink;
  on.lineWidth = 2;
  on.beginPath();
  on.arc(x(beats.t_s[chosen.first]), y(beats.rr_ms[chosen.first]), 10, 0, 2 * Math.PI);
  on.stroke();
}

/**
 * The whole recording, small: drawn anew only where beats or colours change.
 * @param {HTMLCanvasElement} canvas
 * @param {import("./beats.js").Beats} beats
 * @param {[number, number]} reach_ms
 * @param {Colours} colour
 */
export function drawOverview(canvas, beats, [low, most], colour) {
  const { on, width, height } = sharp(canvas);
  const [start_s, end_s] = [beats.start_s, beats.end_s];
  const left = LEFT;
  const wide = width - LEFT - RIGHT;
  const perS = wide / Math.max(1e-3, end_s - start_s);
  const x = (/** @type {number} */ t_s) => left + (t_s - start_s) * perS;
  const y = (/** @type {number} */ rr) =>
    10 + (height - 12) * (1 - (Math.min(most, Math.max(low, rr)) - low) / (most - low));
  const seen = {
    on, beats, first: 0, last: beats.length - 1, x, y, colour, left, top: 0, wide, high: height,
  };
  drawDense(seen);
  let at = -Infinity;
  for (let i = 0; i < beats.length; i += 1) {
    if (!beats.isDecided(i)) continue;
    const here = Math.round(x(beats.t_s[i]));
    if (here === at) continue;
    at = here;
    on.fillStyle = beats.did[i] ? colour.hand : colour.out;
    on.fillRect(here - 0.75, 1, 1.5, 6);
  }
}

/** @param {number} t_s @returns {string} hours, minutes and seconds */
export function clock(t_s) {
  const whole = Math.max(0, Math.floor(t_s + 1e-6));
  const [hours, minutes, seconds] = [
    Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60,
  ];
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
