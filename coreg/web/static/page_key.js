/**
 * The page's own key: without it the server answers nothing of an evening.
 *
 * A cookie goes to every port of this computer, so another program's server has ours as
 * soon as the browser visits it. The session storage is of this address and its port
 * alone, and of this tab: a reload finds it again, another tab does not.
 */

const NAME = "coreg.page-key";
const PROTOCOL = "coreg"; // the server takes this one, and so says that it is ours
const KEY_PROTOCOL = "coreg.page.";

// A phone that closes its browser comes back: its storage is of this address alone, too.
const isPhone = location.protocol === "https:";
const storage = () => (isPhone ? localStorage : sessionStorage);

/** The key, or nothing where coreg did not open this tab. */
export function pageKey() {
  try {
    return storage().getItem(NAME) ?? "";
  } catch {
    return ""; // a browser that keeps nothing
  }
}

/** @param {string} key */
export function keepPageKey(key) {
  storage().setItem(NAME, key);
}

/**
 * Ask our own server for something.
 * @param {string} path
 * @param {RequestInit} [how]
 */
export const fetchKeyed = (path, how = {}) =>
  fetch(path, { ...how, headers: { "Coreg-Page": pageKey() } });

/**
 * A WebSocket to our own server. The key goes along in a header, never in the address.
 * @param {string} url
 */
export function keyedSocket(url) {
  const key = pageKey();
  return new WebSocket(url, key ? [PROTOCOL, KEY_PROTOCOL + key] : [PROTOCOL]);
}

/**
 * Who answers at our address: the coreg that opened this page, or somebody else. It has
 * to prove that it knows our key before it is given it: whoever has taken the port in
 * the meantime gets neither the key nor what somebody wrote on this page.
 * @returns {Promise<"known"|"unknown"|"nobody">}
 */
export async function whoIsThere() {
  const key = pageKey();
  const nonce = crypto.randomUUID();
  let answer;
  /** @type {string[]} a proof for each seat at this computer */
  let told;
  try {
    answer = await fetch(key ? `/known?nonce=${nonce}` : "/known");
    told = (await answer.text()).split("\n");
  } catch {
    return "nobody";
  }
  const isKnown = key ? told.includes(await proofOf(key, nonce)) : answer.status === 204;
  return isKnown ? "known" : "unknown";
}

/**
 * What nobody can say of a nonce who does not know the key.
 * @param {string} key
 * @param {string} nonce
 */
async function proofOf(key, nonce) {
  const [secret, told] = [key, `coreg known ${nonce}`].map((text) => new TextEncoder().encode(text));
  const by = { name: "HMAC", hash: "SHA-256" };
  const signing = await crypto.subtle.importKey("raw", secret, by, false, ["sign"]);
  const proof = new Uint8Array(await crypto.subtle.sign("HMAC", signing, told));
  return [...proof].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
