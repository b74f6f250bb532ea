/**
 * Two hearts over the last three minutes, each in a band of its own about its own middle.
 *
 * No numbers stand beside them and neither band says anything of the other: what is to
 * be seen is that somebody's breath moves their heart, and where beats are missing.
 */

const SHOWN_S = 180;
const LEAST_SPAN_BPM = 16; // a quiet heart is not blown up to fill its band
const LONGEST_STEP_S = 2.5; // beats further apart are not joined
const SHARPEST = 2;
const PAD = 10;

/** @typedef {"A"|"B"} Partner */
/** @typedef {{t_s: number, bpm: number | null}} Beat */

/** @type {Partner[]} */
const PARTNERS = ["A", "B"];

export class HeartTraces {
  /** @type {Record<Partner, Beat[]>} */
  #beats = { A: [], B: [] };
  #canvas;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
  }

  /** @param {any} watched what the server told of both hearts */
  take(watched) {
    for (const partner of PARTNERS) {
      /** @type {{t_s: number[], bpm: (number | null)[]}} */
      const { t_s, bpm } = watched.hearts[partner];
      const before = watched.anew ? [] : this.#beats[partner];
      const last_s = before.at(-1)?.t_s ?? -Infinity;
      const came = t_s
        .map((at_s, i) => ({ t_s: at_s, bpm: bpm[i] ?? null }))
        .filter((beat) => beat.t_s > last_s);
      this.#beats[partner] = [...before, ...came];
    }
  }

  /** @param {number} now_s the server's time */
  draw(now_s) {
    const { width, height } = this.#resized();
    const pen = this.#canvas.getContext("2d");
    if (!pen || width === 0) return;
    pen.clearRect(0, 0, width, height);
    const style = getComputedStyle(this.#canvas);
    PARTNERS.forEach((partner, i) => {
      this.#beats[partner] = this.#beats[partner].filter((beat) => beat.t_s > now_s - SHOWN_S);
      const band = { top: (i * height) / 2 + PAD, height: height / 2 - 2 * PAD };
      line(pen, placed(this.#beats[partner], now_s, width, band), {
        colour: style.getPropertyValue(partner === "A" ? "--a" : "--b").trim(),
        width: 1.75 * this.#sharpness,
      });
    });
  }

  get #sharpness() {
    return Math.min(SHARPEST, devicePixelRatio || 1);
  }

  #resized() {
    const width = Math.round(this.#canvas.clientWidth * this.#sharpness);
    const height = Math.round(this.#canvas.clientHeight * this.#sharpness);
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    return { width, height };
  }
}

/**
 * Where the beats lie in their band; nothing where one was rejected.
 * @param {Beat[]} beats
 * @param {number} now_s
 * @param {number} width
 * @param {{top: number, height: number}} band
 * @returns {({x: number, y: number, t_s: number} | null)[]}
 */
export function placed(beats, now_s, width, band) {
  const known = beats.flatMap(({ bpm }) => bpm ?? []).sort((a, b) => a - b);
  const middle = known[Math.floor(known.length / 2)] ?? 0;
  const reach = Math.max(
    LEAST_SPAN_BPM / 2, middle - (known[0] ?? middle), (known.at(-1) ?? middle) - middle,
  );
  return beats.map(({ t_s, bpm }) => bpm === null ? null : {
    t_s,
    x: width * (1 - (now_s - t_s) / SHOWN_S),
    y: band.top + band.height * (0.5 - (bpm - middle) / (2 * reach)),
  });
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {({x: number, y: number, t_s: number} | null)[]} points
 * @param {{colour: string, width: number}} look
 */
function line(pen, points, { colour, width }) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.lineJoin = "round";
  pen.beginPath();
  let before_s = -Infinity;
  for (const point of points) {
    if (point === null) continue;
    if (point.t_s - before_s > LONGEST_STEP_S) pen.moveTo(point.x, point.y);
    else pen.lineTo(point.x, point.y);
    before_s = point.t_s;
  }
  pen.stroke();
}
