/**
 * What time it is at the server, guessed from pings.
 *
 * Strategy. The server read its clock after a ping left and before its answer came, so
 * each answer bounds how far ahead the server is from both sides. Of the last minute the
 * tightest bound of each side is taken, wherever it came from, and their middle believed:
 * a quick way there and a quick way back need not fall to the same ping (by the least
 * round trip they must, and of thirty milliseconds of chance each way far more is left).
 * During the first burst it is adopted outright; afterwards the clock drifts there by at
 * most 10 ms a second, so that no breath ever jumps. Only a clock that plainly stepped
 * (the laptop slept) is adopted outright again.
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
// How fast two clocks may part: a bound of a minute ago is this much looser.
const PARTING_S_PER_S = 5e-5;

/**
 * How far ahead of this page the server is at least and at most, by one answer.
 * @typedef {{local_s: number, least_s: number, most_s: number}} Sample
 */

export class ServerClock {
  /** @type {Map<number, number>} when each unanswered ping was sent */
  #sent = new Map();
  /** @type {Sample[]} */
  #samples = [];
  #heard = 0;
  #nextId = 0;
  #believed_s = 0;
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
    const sample = { local_s, least_s: server_s - local_s, most_s: server_s - sent_s };
    const stepped = this.#stepped(sample);
    this.#slewTo(local_s);
    const young = this.#samples.filter((s) => local_s - s.local_s <= KEPT_S);
    this.#samples = stepped ? [sample] : [...young, sample];
    this.#heard += 1;
    this.#believed_s = ahead_s(this.#samples);
    if (this.#heard <= BURST_PINGS || stepped) this.#offset_s = this.#believed_s;
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

  /** @param {Sample} sample */
  #stepped(sample) {
    if (this.#samples.length === 0) return false;
    const { least_s, most_s } = sample;
    return (
      this.#believed_s < least_s - STEPPED_S || this.#believed_s > most_s + STEPPED_S
    );
  }

  /** @param {number} local_s */
  #slewTo(local_s) {
    const passed_s = Math.max(0, local_s - this.#slewed_s);
    this.#slewed_s = Math.max(this.#slewed_s, local_s);
    if (this.#samples.length === 0 || this.#heard < BURST_PINGS) return;
    const most_s = SLEW_S_PER_S * passed_s;
    const away_s = this.#believed_s - this.#offset_s;
    this.#offset_s += Math.max(-most_s, Math.min(most_s, away_s));
  }
}

/**
 * The middle between the tightest bounds, the newest answer's first: an older one that
 * contradicts what is known since is of clocks that parted faster than thought.
 * @param {Sample[]} samples oldest first, at least one
 */
function ahead_s(samples) {
  const now_s = samples[samples.length - 1].local_s;
  let [least_s, most_s] = [-Infinity, Infinity];
  for (let i = samples.length - 1; i >= 0; i -= 1) {
    const parted_s = PARTING_S_PER_S * (now_s - samples[i].local_s);
    const least = Math.max(least_s, samples[i].least_s - parted_s);
    const most = Math.min(most_s, samples[i].most_s + parted_s);
    if (least > most) break;
    [least_s, most_s] = [least, most];
  }
  return (least_s + most_s) / 2;
}
