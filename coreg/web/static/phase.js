/**
 * The shared breath as a function of server time.
 *
 * The server announces breaths about a second ahead; a page asks how full the lungs are at
 * a moment. Nothing counts frames, so a late frame shows the right breath. The formula is
 * that of `coreg/exercises/pacing/pacer.py`: half a cosine in, half a cosine out.
 */

const KEPT = 4;

/** @typedef {{t_s: number, period_s: number, inhale_s: number}} Breath */
/** @typedef {"in"|"out"|"still"} Turn */

/**
 * How full the lungs are, 0 (empty) to 1 (full).
 * @param {Breath} breath
 * @param {number} t_s
 */
export function fullness(breath, t_s) {
  const into_s = t_s - breath.t_s;
  if (into_s < 0 || into_s >= breath.period_s) return 0;
  if (into_s < breath.inhale_s) {
    return 0.5 - 0.5 * Math.cos((Math.PI * into_s) / breath.inhale_s);
  }
  const exhale_s = breath.period_s - breath.inhale_s;
  return 0.5 + 0.5 * Math.cos((Math.PI * (into_s - breath.inhale_s)) / exhale_s);
}

/**
 * The phase of a breath in turns: 0 at its start, 1 at its end.
 * @param {Breath} breath
 * @param {number} t_s
 */
export function phase(breath, t_s) {
  return (t_s - breath.t_s) / breath.period_s;
}

/** The breaths a page knows of, newest last. */
export class Schedule {
  /** @type {Breath[]} */
  #breaths = [];
  #frozen_s = Infinity;

  /** @param {Breath} breath */
  announce(breath) {
    const others = this.#breaths.filter((known) => known.t_s < breath.t_s);
    this.#breaths = [...others, breath].slice(-KEPT);
    this.#frozen_s = Infinity;
  }

  /**
   * Whether this very breath is announced and not voided.
   * @param {Breath} breath
   */
  knows(breath) {
    return this.#frozen_s === Infinity
      && this.#breaths.some((known) => known.t_s === breath.t_s);
  }

  /**
   * Void what was announced for `t_s` and later; a breath under way stands still there.
   * @param {number} t_s
   */
  stop(t_s) {
    this.#breaths = this.#breaths.filter((breath) => breath.t_s < t_s);
    this.#frozen_s = Math.min(this.#frozen_s, t_s);
  }

  /** Forget everything: another block, or another server. */
  clear() {
    this.#breaths = [];
    this.#frozen_s = Infinity;
  }

  /**
   * The breath under way, or null between breaths.
   * @param {number} t_s
   * @returns {Breath | null}
   */
  under(t_s) {
    const shown_s = Math.min(t_s, this.#frozen_s);
    const begun = this.#breaths.filter((breath) => breath.t_s <= shown_s);
    const last = begun.at(-1);
    return last && shown_s < last.t_s + last.period_s ? last : null;
  }

  /** @param {number} t_s */
  fullness(t_s) {
    const breath = this.under(t_s);
    return breath ? fullness(breath, Math.min(t_s, this.#frozen_s)) : 0;
  }

  /**
   * Which way the breath goes; "still" between breaths and while frozen.
   * @param {number} t_s
   * @returns {Turn}
   */
  turn(t_s) {
    const breath = this.under(t_s);
    if (!breath || t_s >= this.#frozen_s) return "still";
    return t_s - breath.t_s < breath.inhale_s ? "in" : "out";
  }
}
