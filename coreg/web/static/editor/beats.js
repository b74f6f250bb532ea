/**
 * The beats of a recording as this page knows them: columns, one entry a beat.
 *
 * A day is 100 000 of them, so they lie in typed arrays, which a picture goes through in
 * a millisecond. The server says which few change; nothing is decided here.
 */

const FEW = 0.1; // of all beats: fewer than this make no picture

/**
 * @typedef {{
 *   number: number[], t_s: number[], rr_ms: number[], label: string[],
 *   counts: number[], lost: number[], did: string[],
 * }} Columns
 */

export const LABELS = ["", "missed", "extra", "ectopic", "long", "short", "gap", "irregular", "marked"];
export const DID = ["", "accept", "reject", "ectopic", "insert", "delete"];

export class Beats {
  /** @param {Columns} columns */
  constructor(columns) {
    this.number = Int32Array.from(columns.number);
    this.t_s = Float64Array.from(columns.t_s);
    this.rr_ms = Float32Array.from(columns.rr_ms);
    this.label = codes(columns.label, LABELS);
    this.counts = Uint8Array.from(columns.counts);
    this.lost = Uint8Array.from(columns.lost);
    this.did = codes(columns.did, DID);
  }

  get length() {
    return this.t_s.length;
  }

  get end_s() {
    return this.length ? this.t_s[this.length - 1] : 0;
  }

  /** When the first interval began. */
  get start_s() {
    return this.length ? this.t_s[0] - this.rr_ms[0] / 1000 : 0;
  }

  /**
   * These beats with `out` of them from `at` on taken out, and others there instead.
   * @param {number} at
   * @param {number} out
   * @param {Columns} into
   */
  spliced(at, out, into) {
    const middle = new Beats(into);
    const made = Object.create(Beats.prototype);
    for (const name of /** @type {const} */ (
      ["number", "t_s", "rr_ms", "label", "counts", "lost", "did"]
    )) {
      const [before, between] = [this[name], middle[name]];
      const Kind = /** @type {any} */ (before.constructor);
      const after = new Kind(before.length - out + between.length);
      after.set(before.subarray(0, at));
      after.set(between, at);
      after.set(before.subarray(at + out), at + between.length);
      made[name] = after;
    }
    return /** @type {Beats} */ (made);
  }

  /**
   * The first beat at or after a time; the number of beats where there is none.
   * @param {number} t_s
   */
  from(t_s) {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.t_s[middle] < t_s) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * The beat nearest to a time.
   * @param {number} t_s
   */
  nearest(t_s) {
    const after = Math.min(this.from(t_s), this.length - 1);
    const before = Math.max(0, after - 1);
    return t_s - this.t_s[before] < this.t_s[after] - t_s ? before : after;
  }

  /**
   * Whether cleaning or a person decided something about a beat.
   * @param {number} i
   */
  isDecided(i) {
    return !this.counts[i] || this.did[i] !== 0;
  }

  /**
   * Whether a beat belongs to what was decided about the one before it.
   * @param {number} i
   */
  isSameDecision(i) {
    return (
      i > 0
      && this.isDecided(i) && this.isDecided(i - 1)
      && this.label[i] === this.label[i - 1] && this.did[i] === this.did[i - 1]
      && this.counts[i] === this.counts[i - 1]
    );
  }

  /**
   * Where the next decision begins after a beat, or the one before it; -1: nowhere.
   * @param {number} i
   * @param {1 | -1} way
   */
  decisionFrom(i, way) {
    for (let j = i + way; j >= 0 && j < this.length; j += way) {
      if (this.isDecided(j) && !this.isSameDecision(j)) return j;
    }
    return -1;
  }

  /**
   * Where what was decided about a beat ends.
   * @param {number} i
   */
  decisionEnd(i) {
    let end = i;
    while (end + 1 < this.length && this.isSameDecision(end + 1)) end += 1;
    return end;
  }

  /**
   * Between which intervals a picture reaches: nearly all that count, with some room.
   * None made or judged by hand says so: the scale is the same before and after. Where
   * hardly any counts, the picture is of the others, and so is its scale.
   * @returns {[number, number]} milliseconds
   */
  get reach_ms() {
    const step = Math.max(1, Math.floor(this.length / 20_000));
    let kept = [];
    const all = [];
    for (let i = 0; i < this.length; i += step) {
      if (this.did[i]) continue;
      all.push(this.rr_ms[i]);
      if (this.counts[i]) kept.push(this.rr_ms[i]);
    }
    if (kept.length < FEW * all.length) kept = all;
    if (!kept.length) return [400, 1200];
    kept.sort((a, b) => a - b);
    const low = kept[Math.floor(0.002 * (kept.length - 1))];
    const high = kept[Math.ceil(0.998 * (kept.length - 1))];
    const room = Math.max(40, 0.2 * (high - low));
    return [Math.max(0, low - room), high + room];
  }
}

/**
 * @param {string[]} words
 * @param {string[]} names
 */
function codes(words, names) {
  const known = new Map(names.map((name, code) => [name, code]));
  return Uint8Array.from(words, (word) => known.get(word) ?? 0);
}
