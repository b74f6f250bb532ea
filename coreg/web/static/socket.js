/**
 * The line to the server: one WebSocket that comes back by itself.
 *
 * While the server is away it is asked, later and later, whether it knows this page; the
 * WebSocket is opened again when it does. Whoever is there and does not know us is not
 * the coreg that opened this page, and never will be: it is asked no more. Nor is one
 * that has enough pages.
 */

import { BURST_PINGS, PINGS_A_ROUND, ROUND_S } from "./clock.js";
import { understood } from "./messages.js";
import { keyedSocket, pageKey, whoIsThere } from "./page_key.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5000;
const LONGER = 1.6;
const PING_GAP_MS = 40;
const ONE_TOO_MANY = 4013; // the server closes with it what it has no place for
const SILENCE_MS = 3 * ROUND_S * 1000; // no pong for three rounds: the line is dead

const HALF = /[\ud800-\udfff]/gu; // of a character of two

/**
 * The sign for a character in the place of half a one: no message may hold that.
 * @param {unknown} value
 */
const whole = (value) => (typeof value === "string" ? value.replace(HALF, "\ufffd") : value);

/**
 * Why the line is down: the server is away, and may come back; it was started since; it
 * did not open this page; it has as many as it can have.
 * @typedef {"away"|"stale"|"uninvited"|"full"} Down
 */

/**
 * @typedef {object} Heard
 * @property {() => void} opened
 * @property {(message: any) => void} message
 * @property {(why: Down) => void} closed
 * @property {() => number} ping a ping leaves now: its number
 */

export class Line {
  /** @type {WebSocket | null} */
  #socket = null;
  #heard;
  #url;
  #wait_ms = FIRST_WAIT_MS;
  #lastPong_ms = 0;
  #warned = false;
  #rounds = 0;

  /**
   * @param {string} url
   * @param {Heard} heard
   */
  constructor(url, heard) {
    this.#url = url;
    this.#heard = heard;
  }

  open() {
    const socket = keyedSocket(this.#url);
    socket.onopen = () => this.#opened();
    socket.onmessage = (event) => this.#arrived(event.data);
    socket.onclose = (event) => this.#closed(event.code);
    this.#socket = socket;
  }

  /**
   * Send, if anybody is there; a press into the void is dropped, not kept for later.
   * @param {Record<string, unknown>} message
   * @returns {boolean} whether anybody was there
   */
  send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message, (_, value) => whole(value)));
    return true;
  }

  #opened() {
    this.#wait_ms = FIRST_WAIT_MS;
    this.#lastPong_ms = performance.now();
    this.#heard.opened();
    this.#pings(BURST_PINGS);
    this.#rounds = setInterval(() => this.#round(), 1000 * ROUND_S);
  }

  #round() {
    if (performance.now() - this.#lastPong_ms > SILENCE_MS) this.#socket?.close();
    else this.#pings(PINGS_A_ROUND);
  }

  /** @param {number} count */
  #pings(count) {
    const ping = () => {
      if (this.#socket?.readyState !== WebSocket.OPEN) return;
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

  /** @param {number} code */
  #closed(code) {
    clearInterval(this.#rounds);
    const isFull = code === ONE_TOO_MANY;
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
    else this.#heard.closed(pageKey() ? "stale" : "uninvited");
  }
}
