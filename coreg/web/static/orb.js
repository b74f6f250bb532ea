/**
 * The orb: one soft light, drawn from how full the lungs are and how warm it is.
 *
 * It knows no clock and no message; `draw` is called with the frame's values.
 */

const SMALLEST = 0.125; // radius as a share of the shorter side (design: 0.125-0.21)
const LARGEST = 0.21;
const GLOW = 2.1; // reach of the glow, in radii
const WARM_S = 6; // time constant of the warmth: it creeps, it never flashes
const STOPS = 24; // enough that no ring shows where two colours meet
const RIM_PX = 3;
const SHARPEST = 2; // no more device pixels than this: light is soft anyway

const CREAM = [250, 232, 205];
const ROSE = [214, 178, 150];
const DUSK = [150, 140, 150];

/**
 * Radius of the orb in CSS pixels.
 * @param {number} fullness 0 to 1
 * @param {number} shorter_px
 */
export function radius_px(fullness, shorter_px) {
  return shorter_px * (SMALLEST + (LARGEST - SMALLEST) * fullness);
}

/** A value that follows another slowly, whatever the frame rate. */
export class Slow {
  #value;

  /** @param {number} value where it begins */
  constructor(value) {
    this.#value = value;
  }

  /**
   * @param {number} target
   * @param {number} passed_s
   */
  toward(target, passed_s) {
    this.#value += (target - this.#value) * (1 - Math.exp(-passed_s / WARM_S));
    return this.#value;
  }
}

/**
 * @param {number[]} from
 * @param {number[]} to
 * @param {number} share
 */
function mix(from, to, share) {
  return from.map((value, i) => Math.round(value + (to[i] - value) * share));
}

/**
 * A share kept within 0 and 1, without an edge at either end.
 * @param {number} share
 */
function eased(share) {
  const kept = Math.min(1, Math.max(0, share));
  return kept * kept * (3 - 2 * kept);
}

/**
 * @param {number[]} rgb
 * @param {number} alpha
 */
function ink(rgb, alpha) {
  return `rgb(${rgb.join(" ")} / ${alpha.toFixed(3)})`;
}

export class Orb {
  #canvas;
  #pen;
  #shorter_px = 0;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
    this.#pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.resize();
  }

  /** Fit the canvas to the window. */
  resize() {
    const shorter_px = Math.min(window.innerWidth, window.innerHeight);
    const dots = Math.min(SHARPEST, window.devicePixelRatio || 1);
    const side_px = 2 * GLOW * radius_px(1, shorter_px);
    this.#shorter_px = shorter_px;
    this.#canvas.width = Math.ceil(side_px * dots);
    this.#canvas.height = this.#canvas.width;
    this.#canvas.style.width = `${side_px}px`;
    this.#canvas.style.height = `${side_px}px`;
    this.#pen.setTransform(dots, 0, 0, dots, (side_px * dots) / 2, (side_px * dots) / 2);
  }

  /**
   * @param {{size: number, light: number, warmth: number, bright: number}} look each 0 to 1
   * @param {string} rim the colour of a line around it, where light alone is not seen
   */
  draw({ size, light, warmth, bright }, rim = "") {
    const radius = radius_px(size, this.#shorter_px);
    const reach = GLOW * radius;
    const edge = radius_px(1, this.#shorter_px) * GLOW;
    this.#pen.clearRect(-edge, -edge, 2 * edge, 2 * edge);
    this.#pen.globalAlpha = bright;
    this.#glow(radius, reach, 0.1 + 0.08 * light + 0.16 * warmth, warmth);
    this.#body(radius, light, warmth);
    if (rim) this.#rim(radius, rim);
  }

  /**
   * @param {number} radius
   * @param {string} colour
   */
  #rim(radius, colour) {
    this.#pen.globalAlpha = 1;
    this.#pen.strokeStyle = colour;
    this.#pen.lineWidth = RIM_PX;
    this.#pen.beginPath();
    this.#pen.arc(0, 0, radius, 0, 2 * Math.PI);
    this.#pen.stroke();
  }

  /**
   * @param {number} radius
   * @param {number} reach
   * @param {number} alpha
   * @param {number} warmth
   */
  #glow(radius, reach, alpha, warmth) {
    const tint = mix(ROSE, CREAM, 0.35 + 0.4 * warmth);
    const light = this.#pen.createRadialGradient(0, 0, radius * 0.6, 0, 0, reach);
    for (const at of [0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1]) {
      light.addColorStop(at, ink(tint, alpha * (1 - at) ** 2.2));
    }
    this.#disc(reach, light);
  }

  /**
   * @param {number} radius
   * @param {number} light
   * @param {number} warmth
   */
  #body(radius, light, warmth) {
    const lit = this.#pen.createRadialGradient(0, -radius * 0.2, 0, 0, 0, radius);
    const strength = 0.72 + 0.2 * light + 0.08 * warmth;
    const middle = mix(ROSE, CREAM, 0.1 + 0.4 * warmth);
    const rim = mix(DUSK, ROSE, 0.5 * warmth);
    for (let i = 0; i <= STOPS; i += 1) {
      const at = i / STOPS;
      const inner = mix(CREAM, middle, eased(at / 0.6));
      const tint = mix(inner, rim, eased((at - 0.5) / 0.46));
      const fade = (1 - 0.35 * eased((at - 0.6) / 0.34)) * (1 - eased((at - 0.9) / 0.1));
      lit.addColorStop(at, ink(tint, strength * fade));
    }
    this.#disc(radius, lit);
  }

  /**
   * @param {number} radius
   * @param {CanvasGradient} fill
   */
  #disc(radius, fill) {
    this.#pen.beginPath();
    this.#pen.arc(0, 0, radius, 0, 2 * Math.PI);
    this.#pen.fillStyle = fill;
    this.#pen.fill();
  }
}
