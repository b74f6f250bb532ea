/**
 * The line to the server: one WebSocket that comes back by itself.
 *
 * While the server is away its `/healthz` is asked, later and later; the WebSocket is
 * opened again when that answers. A server that is there but does not take us does not
 * know this page any more.
 */

import { BURST_PINGS, PINGS_A_ROUND, ROUND_S } from "./clock.js";
import { understood } from "./messages.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5000;
const LONGER = 1.6;
const PING_GAP_MS = 40;
const SILENCE_MS = 3 * ROUND_S * 1000; // no pong for three rounds: the line is dead

const HALF = /[\ud800-\udfff]/gu; // of a character of two

/**
 * The sign for a character in the place of half a one: no message may hold that.
 * @param {unknown} value
 */
const whole = (value) => (typeof value === "string" ? value.replace(HALF, "\ufffd") : value);

/**
 * @typedef {object} Heard
 * @property {() => void} opened
 * @property {(message: any) => void} message
 * @property {(known: boolean) => void} closed told whether the server may still know us
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
    const socket = new WebSocket(this.#url);
    let wasOpen = false;
    socket.onopen = () => {
      wasOpen = true;
      this.#opened();
    };
    socket.onmessage = (event) => this.#arrived(event.data);
    socket.onclose = () => this.#closed(wasOpen);
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

  /** @param {boolean} wasOpen */
  #closed(wasOpen) {
    clearInterval(this.#rounds);
    this.#heard.closed(wasOpen);
    this.#later();
  }

  #later() {
    setTimeout(() => this.#comeBack(), this.#wait_ms);
    this.#wait_ms = Math.min(LONGEST_WAIT_MS, this.#wait_ms * LONGER);
  }

  async #comeBack() {
    const isThere = await fetch("/healthz").then((answer) => answer.ok, () => false);
    if (isThere) this.open();
    else this.#later();
  }
}
