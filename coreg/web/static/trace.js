/** A heart's line: the last half minute of its rate. */

import { svg } from "./dom.js";

const WIDTH = 400;
const HEIGHT = 84;
const LEAST_SPAN_BPM = 16; // a calm heart is not magnified into a stormy one
const POINTS = 120; // 30 s at 4 a second

/**
 * The line as an SVG path; a gap stays a gap.
 * @param {(number | null)[]} trace_bpm
 */
export function linePath(trace_bpm) {
  const known = trace_bpm.flatMap((bpm) => (bpm === null ? [] : [bpm]));
  if (known.length < 2) return "";
  const low = Math.min(...known);
  const high = Math.max(...known);
  const span = Math.max(LEAST_SPAN_BPM, high - low);
  const middle = (low + high) / 2;
  const first = POINTS - trace_bpm.length; // a young line grows in from the right
  let pen = "M";
  const parts = trace_bpm.map((bpm, i) => {
    if (bpm === null) {
      pen = "M";
      return "";
    }
    const x = ((first + i) * WIDTH) / (POINTS - 1);
    const y = HEIGHT / 2 - ((bpm - middle) / span) * (HEIGHT - 8);
    const part = `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = "L";
    return part;
  });
  return parts.join("");
}

/**
 * An empty line and the function that draws a trace into it.
 * @param {string} look class of the line
 * @param {string} label for a screen reader
 * @returns {[SVGElement, (trace_bpm: (number | null)[]) => void]}
 */
export function heartLine(look, label) {
  const path = svg("path", { d: "" });
  const line = svg(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none",
      class: `trace ${look}`, role: "img", "aria-label": label,
    },
    path,
  );
  return [
    /** @type {SVGElement} */ (line),
    (trace_bpm) => path.setAttribute("d", linePath(trace_bpm)),
  ];
}
