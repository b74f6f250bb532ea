/**
 * What time it is at the server, guessed from pings.
 *
 * Strategy. Each pong gives one sample: the server's time was read somewhere between
 * sending and hearing, so half the round trip is the most it can be wrong. The sample of
 * the least round trip over the last minute is believed. During the first burst it is
 * adopted outright; afterwards the clock drifts there by at most 10 ms a second, so that
 * no breath ever jumps. Only a clock that plainly stepped (the laptop slept) is adopted
 * outright again.
 *
 * Times are arguments: nothing here reads a clock.
 */

export const BURST_PINGS = 12;
export const PINGS_A_ROUND = 4;
export const ROUND_S = 5;
const KEPT_S = 60;
const SLEW_S_PER_S = 0.01;
const STEPPED_S = 0.25;
const PENDING_MOST = 64;

/** @typedef {{local_s: number, round_trip_s: number, offset_s: number}} Sample */

export class ServerClock {
  /** @type {Map<number, number>} when each unanswered ping was sent */
  #sent = new Map();
  /** @type {Sample[]} */
  #samples = [];
  #heard = 0;
  #nextId = 0;
  #offset_s = 0;
  #slewed_s = 0;

  /** Whether any answer came yet: before that, `at` means nothing. */
  get known() {
    return this.#heard > 0;
  }

  /**
   * Note that a ping leaves now, and return its number.
   * @param {number} local_s
   */
  sent(local_s) {
    const id = this.#nextId++;
    this.#sent.set(id, local_s);
    for (const oldest of this.#sent.keys()) {
      if (this.#sent.size <= PENDING_MOST) break;
      this.#sent.delete(oldest);
    }
    return id;
  }

  /**
   * Take the answer to ping `id`, which read `server_s` and arrived at `local_s`.
   * @param {number} id
   * @param {number} server_s
   * @param {number} local_s
   */
  heard(id, server_s, local_s) {
    const sent_s = this.#sent.get(id);
    if (sent_s === undefined) return;
    this.#sent.delete(id);
    const sample = {
      local_s,
      round_trip_s: local_s - sent_s,
      offset_s: server_s - (sent_s + local_s) / 2,
    };
    const stepped = this.#stepped(sample);
    this.#slewTo(local_s);
    const young = this.#samples.filter((s) => local_s - s.local_s <= KEPT_S);
    this.#samples = stepped ? [sample] : [...young, sample];
    this.#heard += 1;
    if (this.#heard <= BURST_PINGS || stepped) this.#offset_s = this.#best().offset_s;
  }

  /**
   * The server's time at this local time.
   * @param {number} local_s
   */
  at(local_s) {
    this.#slewTo(local_s);
    return local_s + this.#offset_s;
  }

  /** Begin anew, as after a reconnection: the server may be another one. */
  forget() {
    this.#sent.clear();
    this.#samples = [];
    this.#heard = 0;
  }

  /** @returns {Sample} */
  #best() {
    return this.#samples.reduce((a, b) => (b.round_trip_s < a.round_trip_s ? b : a));
  }

  /** @param {Sample} sample */
  #stepped(sample) {
    if (this.#samples.length === 0) return false;
    const best = this.#best();
    const unsure_s = (best.round_trip_s + sample.round_trip_s) / 2;
    return Math.abs(sample.offset_s - best.offset_s) > unsure_s + STEPPED_S;
  }

  /** @param {number} local_s */
  #slewTo(local_s) {
    const passed_s = Math.max(0, local_s - this.#slewed_s);
    this.#slewed_s = Math.max(this.#slewed_s, local_s);
    if (this.#samples.length === 0 || this.#heard < BURST_PINGS) return;
    const most_s = SLEW_S_PER_S * passed_s;
    const away_s = this.#best().offset_s - this.#offset_s;
    this.#offset_s += Math.max(-most_s, Math.min(most_s, away_s));
  }
}
