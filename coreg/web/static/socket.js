/**
 * The line to the server: one WebSocket that comes back by itself.
 */

import { BURST_PINGS, PINGS_A_ROUND, ROUND_S } from "./clock.js";
import { understood } from "./messages.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5000;
const PING_GAP_MS = 40;
const SILENCE_MS = 3 * ROUND_S * 1000; // no pong for three rounds: the line is dead
const WARNINGS_MOST = 1;

/**
 * @typedef {object} Heard
 * @property {() => void} opened
 * @property {(message: any) => void} message
 * @property {(known: boolean) => void} closed told whether the server still knows us
 * @property {() => number} ping a ping leaves now: its number
 */

export class Line {
  /** @type {WebSocket | null} */
  #socket = null;
  #heard;
  #url;
  #wait_ms = FIRST_WAIT_MS;
  #lastPong_ms = 0;
  #warned = 0;
  /** @type {number[]} */
  #timers = [];

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
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = (event) => this.#arrived(event.data);
    socket.onclose = (event) => {
      if (this.#socket === socket) this.#closed(event);
    };
  }

  /**
   * Send, if anybody is there; a press into the void is dropped, not kept for later.
   * @param {Record<string, unknown>} message
   */
  send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify(message));
    }
  }

  #opened() {
    this.#wait_ms = FIRST_WAIT_MS;
    this.#lastPong_ms = performance.now();
    this.#heard.opened();
    this.#pings(BURST_PINGS);
    this.#timers.push(setInterval(() => this.#round(), 1000 * ROUND_S));
  }

  #round() {
    if (performance.now() - this.#lastPong_ms > SILENCE_MS) this.#socket?.close();
    else this.#pings(PINGS_A_ROUND);
  }

  /** @param {number} count */
  #pings(count) {
    for (let i = 0; i < count; i += 1) {
      setTimeout(() => {
        if (this.#socket?.readyState === WebSocket.OPEN) {
          this.send({ type: "ping", id: this.#heard.ping() });
        }
      }, i * PING_GAP_MS);
    }
  }

  /** @param {unknown} data */
  #arrived(data) {
    const message = understood(data);
    if (message === null) {
      this.#warn("coreg: a message from the server was not understood and left aside");
      return;
    }
    if (message.type === "refused") {
      this.#warn(`coreg: the server refused: ${message.why}`);
      return;
    }
    if (message.type === "pong") this.#lastPong_ms = performance.now();
    this.#heard.message(message);
  }

  /** @param {string} words */
  #warn(words) {
    if (this.#warned < WARNINGS_MOST) console.warn(words);
    this.#warned += 1;
  }

  /** @param {CloseEvent} event */
  #closed(event) {
    this.#socket = null;
    this.#timers.forEach(clearInterval);
    this.#timers = [];
    this.#heard.closed(event.code !== 4403 && event.code !== 1008);
    setTimeout(() => this.open(), this.#wait_ms);
    this.#wait_ms = Math.min(LONGEST_WAIT_MS, this.#wait_ms * 1.6);
  }
}
