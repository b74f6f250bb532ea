/**
 * The two ways to the server: a WebSocket, or a stream of events and a POST a message.
 *
 * The second one is for browsers that refuse a WebSocket where somebody accepted our
 * certificate by hand (Safari on iOS). The messages are the same; the key goes along in a
 * header, never in an address.
 */

import { keyedSocket, pageKey } from "./page_key.js";

const ONE_TOO_MANY = 4013; // the server closes with it what it has no place for
const EVENT_ENDS = "\n\n";

/**
 * @typedef {object} Heard
 * @property {() => void} opened
 * @property {(text: unknown) => void} told
 * @property {(how: {isFull: boolean}) => void} closed
 */

/**
 * @typedef {object} Way
 * @property {() => boolean} isOpen
 * @property {(text: string) => void} send only while it is open
 * @property {() => void} close
 */

/**
 * @param {string} url
 * @param {Heard} heard
 * @returns {Way}
 */
export function bySocket(url, heard) {
  const socket = keyedSocket(url);
  socket.onopen = () => heard.opened();
  socket.onmessage = (event) => heard.told(event.data);
  socket.onclose = (event) => heard.closed({ isFull: event.code === ONE_TOO_MANY });
  return {
    isOpen: () => socket.readyState === WebSocket.OPEN,
    send: (text) => socket.send(text),
    close: () => socket.close(),
  };
}

/**
 * @param {Heard} heard
 * @returns {Way}
 */
export function byStream(heard) {
  const over = new AbortController();
  let line = ""; // the name that the server gave to this line
  let isFull = false;
  /** @type {Promise<unknown>} */
  let said = Promise.resolve(); // messages arrive in the order in which they are said

  /** @param {string} text */
  const post = async (text) => {
    const headers = { "Coreg-Page": pageKey(), "Coreg-Line": line };
    try {
      const answer = await fetch("/said", {
        method: "POST", headers, body: text, signal: over.signal,
      });
      if (!answer.ok) over.abort();
    } catch {
      over.abort(); // what is not heard is not kept for later
    }
  };

  /** @param {string} event */
  const take = (event) => {
    const fields = Object.fromEntries(event.split("\n").map((each) => {
      const [name, ...value] = each.split(": ");
      return [name, value.join(": ")];
    }));
    if (fields.event === "full") isFull = true;
    else if (fields.event === "line") {
      line = fields.data ?? "";
      heard.opened();
    } else if (fields.data !== undefined) heard.told(fields.data);
  };

  const listen = async () => {
    const headers = { "Coreg-Page": pageKey() };
    const answer = await fetch("/events", { headers, signal: over.signal });
    if (!answer.ok || !answer.body) return;
    const reader = answer.body.getReader();
    const text = new TextDecoder();
    let waiting = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const events = (waiting + text.decode(value, { stream: true })).split(EVENT_ENDS);
      waiting = events.pop() ?? "";
      events.forEach(take);
    }
  };

  const run = async () => {
    try {
      await listen();
    } catch {
      // The line broke, or was given up.
    } finally {
      line = "";
      over.abort();
      heard.closed({ isFull });
    }
  };
  run();

  return {
    isOpen: () => line !== "",
    // A ping waits for nothing: it would measure how long others take.
    send: (text) => {
      if (text.startsWith('{"type":"ping"')) post(text);
      else said = said.then(() => post(text));
    },
    close: () => over.abort(),
  };
}
