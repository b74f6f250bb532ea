/** A strap's line: it jumps where somebody taps the strap, and else lies still. */

import { svg } from "./dom.js";

const WIDTH = 400;
const HEIGHT = 84;
const STILL_Y = HEIGHT - 14;
const POINTS = 120; // 30 s at 4 a second

/**
 * The line as an SVG path; a gap stays a gap.
 * @param {(number | null)[]} jumps
 */
export function linePath(jumps) {
  if (jumps.filter((jump) => jump !== null).length < 2) return "";
  const first = POINTS - jumps.length; // a young line grows in from the right
  let pen = "M";
  const parts = jumps.map((jump, i) => {
    if (jump === null) {
      pen = "M";
      return "";
    }
    const x = ((first + i) * WIDTH) / (POINTS - 1);
    const y = STILL_Y - Math.min(1, Math.max(0, jump)) * (STILL_Y - 4);
    const part = `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = "L";
    return part;
  });
  return parts.join("");
}

/**
 * An empty line and the function that draws jumps into it; without any it is hidden.
 * @param {string} look class of the line
 * @param {string} label for a screen reader
 * @returns {[SVGElement, (jumps: (number | null)[]) => void]}
 */
export function jumpLine(look, label) {
  const path = svg("path", { d: "" });
  const line = svg(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none",
      class: `jumps ${look}`, role: "img", "aria-label": label,
    },
    path,
  );
  return [
    /** @type {SVGElement} */ (line),
    (jumps) => {
      line.toggleAttribute("hidden", jumps.length === 0);
      path.setAttribute("d", linePath(jumps));
    },
  ];
}
