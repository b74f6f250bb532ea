/**
 * The line to the server, which comes back by itself.
 *
 * While the server is away it is asked, later and later, whether it knows this page; the
 * line is opened again when it does. Whoever is there and does not know us is not
 * the coreg that opened this page, and never will be: it is asked no more. Nor is one
 * that has enough pages.
 *
 * On a phone a line that never opened is tried the other way next (ways.js): its browser
 * may refuse a WebSocket to a server whose page it shows.
 */

import { BURST_PINGS, PINGS_A_ROUND, ROUND_S } from "./clock.js";
import { understood } from "./messages.js";
import { pageKey, whoIsThere } from "./page_key.js";
import { bySocket, byStream } from "./ways.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5000;
const LONGER = 1.6;
const PING_GAP_MS = 40;
// While a page is still being drawn its answers are late, and late one way alone.
const EARLY_ROUNDS = 10;
const SILENCE_MS = 3 * ROUND_S * 1000; // no pong for three rounds: the line is dead

const HALF = /[\ud800-\udfff]/gu; // of a character of two

/**
 * The sign for a character in the place of half a one: no message may hold that.
 * @param {unknown} value
 */
const whole = (value) => (typeof value === "string" ? value.replace(HALF, "\ufffd") : value);

/**
 * Why the line is down: the server is away, and may come back; it was started since; it
 * did not open this page; it has as many as it can have; the place of this phone was freed;
 * the evening of this page has ended.
 * @typedef {"away"|"stale"|"uninvited"|"full"|"freed"|"ended"} Down
 */

/**
 * @typedef {object} Heard
 * @property {() => void} opened
 * @property {(message: any) => void} message
 * @property {(why: Down) => void} closed
 * @property {() => number} ping a ping leaves now: its number
 */

export class Line {
  /** @type {import("./ways.js").Way | null} */
  #way = null;
  #isStream = false;
  #heard;
  #url;
  #wait_ms = FIRST_WAIT_MS;
  #lastPong_ms = 0;
  #warned = false;
  #rounds = 0;
  #isOver = false;

  /**
   * @param {string} url
   * @param {Heard} heard
   */
  constructor(url, heard) {
    this.#url = url;
    this.#heard = heard;
  }

  open() {
    let hasOpened = false;
    const heard = {
      opened: () => {
        hasOpened = true;
        this.#opened();
      },
      told: (/** @type {unknown} */ data) => this.#arrived(data),
      closed: (/** @type {{isFull: boolean}} */ { isFull }) => {
        if (!hasOpened && location.protocol === "https:") this.#isStream = !this.#isStream;
        this.#closed(isFull);
      },
    };
    this.#way = this.#isStream ? byStream(heard) : bySocket(this.#url, heard);
  }

  /**
   * Send, if anybody is there; a press into the void is dropped, not kept for later.
   * @param {Record<string, unknown>} message
   * @returns {boolean} whether anybody was there
   */
  send(message) {
    if (!this.#way?.isOpen()) return false;
    this.#way.send(JSON.stringify(message, (_, value) => whole(value)));
    return true;
  }

  /** Say no more, and never come back. */
  end() {
    this.#isOver = true;
    this.#way?.close();
  }

  #opened() {
    this.#wait_ms = FIRST_WAIT_MS;
    this.#lastPong_ms = performance.now();
    this.#heard.opened();
    this.#pings(BURST_PINGS);
    for (let i = 1; i <= EARLY_ROUNDS; i += 1) {
      setTimeout(() => this.#pings(PINGS_A_ROUND), 1000 * i);
    }
    this.#rounds = setInterval(() => this.#round(), 1000 * ROUND_S);
  }

  #round() {
    if (performance.now() - this.#lastPong_ms > SILENCE_MS) this.#way?.close();
    else this.#pings(PINGS_A_ROUND);
  }

  /** @param {number} count */
  #pings(count) {
    const ping = () => {
      if (!this.#way?.isOpen()) return;
      this.send({ type: "ping", id: this.#heard.ping() });
    };
    for (let i = 0; i < count; i += 1) setTimeout(ping, i * PING_GAP_MS);
  }

  /** @param {unknown} data */
  #arrived(data) {
    const message = understood(data);
    if (message === null) {
      this.#warn("coreg: a message from the server was not understood and left aside");
      return;
    }
    if (message.type === "refused") this.#warn(`coreg: the server refused: ${message.why}`);
    if (message.type === "pong") this.#lastPong_ms = performance.now();
    this.#heard.message(message);
  }

  /** @param {string} words */
  #warn(words) {
    if (!this.#warned) console.warn(words);
    this.#warned = true;
  }

  /** @param {boolean} isFull */
  #closed(isFull) {
    clearInterval(this.#rounds);
    if (this.#isOver) return;
    this.#heard.closed(isFull ? "full" : "away");
    if (!isFull) this.#later();
  }

  #later() {
    setTimeout(() => this.#comeBack(), this.#wait_ms);
    this.#wait_ms = Math.min(LONGEST_WAIT_MS, this.#wait_ms * LONGER);
  }

  async #comeBack() {
    const who = await whoIsThere();
    if (who === "known") this.open();
    else if (who === "nobody") this.#later();
    else if (location.protocol === "https:") this.#heard.closed("freed");
    else this.#heard.closed(pageKey() ? "stale" : "uninvited");
  }
}
