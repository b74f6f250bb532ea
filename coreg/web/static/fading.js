/** Time that is felt: the light sinks toward the end of a part. Nothing counts down. */

const DIMS_S = 15;
const DIMMEST = 0.3;
const LOOKS_MS = 200;
const WORDS_S = 20;

/**
 * How bright the light is at this moment of a part, 0.3 to 1.
 * @param {{began_server_s: number, length_s: number} | null} block
 * @param {number} server_s
 */
export function brightness(block, server_s) {
  const { began_server_s = null, length_s = null } = block ?? {};
  if (began_server_s === null || length_s === null) return 1;
  // Of a part that is over soon, a quarter: so it is with a couple that lives faster.
  const dims_s = Math.min(DIMS_S, length_s / 4);
  const left_s = began_server_s + length_s - server_s;
  const share = Math.min(1, Math.max(0, left_s / dims_s));
  return DIMMEST + (1 - DIMMEST) * share;
}

/**
 * Whether words have stood long enough in a part, and may go.
 * @param {{began_server_s: number, length_s: number} | null} block
 * @param {number} server_s
 */
export function hasBeenRead(block, server_s) {
  const { began_server_s = null, length_s = null } = block ?? {};
  if (began_server_s === null || length_s === null) return false;
  return server_s - began_server_s > Math.min(WORDS_S, length_s / 3);
}

/**
 * Let a still light sink, and words go once they are read. Returns what ends it.
 * @param {import("./app.js").App} app
 * @param {HTMLElement} light
 * @param {HTMLElement | null} words none where they stay
 */
export function fade(app, light, words) {
  const look = () => {
    if (!app.clock.known) return;
    const block = app.state?.block ?? null;
    light.style.opacity = String(brightness(block, app.now_s()));
    words?.classList.toggle("read", hasBeenRead(block, app.now_s()));
  };
  look();
  const timer = setInterval(look, LOOKS_MS);
  return () => clearInterval(timer);
}
