/**
 * Tells where the breath turns, in time or not at all.
 *
 * For what is told aside from the picture: a word, a touch. A page that is hidden, or a
 * laptop that slept, comes late to its timers; what would be told late is left out.
 */

export const LATE_S = 0.25;

/** @typedef {import("./phase.js").Breath} Breath */

export class Turns {
  /** @type {Set<number>} */
  #timers = new Set();
  #now_s;
  #lead_s;
  #told;

  /**
   * @param {() => number} now_s reads the server's clock
   * @param {(turn: "in"|"out", half_s: number) => void} told the breath turns, this way
   *   and for this long
   * @param {() => number} lead_s how much earlier whoever is told wants to know
   */
  constructor(now_s, told, lead_s = () => 0) {
    this.#now_s = now_s;
    this.#told = told;
    this.#lead_s = lead_s;
  }

  /** @param {Breath} breath */
  announce({ t_s, period_s, inhale_s }) {
    this.#at(t_s, "in", inhale_s);
    this.#at(t_s + inhale_s, "out", period_s - inhale_s);
  }

  /** Tell nothing of what was announced. */
  clear() {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /**
   * @param {number} at_s
   * @param {"in"|"out"} turn
   * @param {number} half_s
   */
  #at(at_s, turn, half_s) {
    const wait_ms = Math.max(0, 1000 * (at_s - this.#lead_s() - this.#now_s()));
    // While a computer sleeps, the clock of a page may stand still: the wall's does not.
    const due_ms = Date.now() + wait_ms;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const late_s = Math.max(this.#now_s() - at_s, (Date.now() - due_ms) / 1000);
      if (late_s <= LATE_S) this.#told(turn, half_s);
    }, wait_ms);
    this.#timers.add(timer);
  }
}
