/**
 * Glints announced by the server, where taps were asked for: when one is to be seen.
 *
 * Times are the server's and arguments: nothing here reads a clock.
 */

const SEEN_S = 0.5; // long enough to be noticed, and over before the breath turns

export class Glints {
  #at_s = -Infinity;

  /** @param {number} t_s */
  announce(t_s) {
    this.#at_s = t_s;
  }

  /**
   * Void what was announced for `t_s` and later.
   * @param {number} t_s
   */
  stop(t_s) {
    if (this.#at_s >= t_s) this.#at_s = -Infinity;
  }

  /** @param {number} t_s */
  shows(t_s) {
    return t_s >= this.#at_s && t_s < this.#at_s + SEEN_S;
  }
}
