/**
 * A voice of this device, for eyes that are closed: short words, softly, never late.
 *
 * Only a voice that speaks on this device is used (`localService`): any other would send
 * what it says to somebody's computer. Nothing of it is recorded. A word for the breath
 * is dropped where something is still being said, where there is no time to say it, and
 * where the voice begins too late.
 */

import { LATE_S } from "./turns.js";

const SOFTLY = 0.7;
const CALMLY = 0.85; // for whole sentences
const SLOWEST = 0.7;
const FASTEST = 1.2;
const USUAL_HALF_S = 4; // half a breath that is spoken at 0.85
const SHORTEST_HALF_S = 1.2; // in less nobody wants to be told
const LEAD_MOST_S = 0.4;
const HEARD_SHARE = 0.3; // of the last one, in how soon the voice begins
const LOCK = "coreg.voice";

/**
 * How fast a word is spoken in half a breath of this length.
 * @param {number} half_s
 */
export function rateFor(half_s) {
  const rate = CALMLY * Math.sqrt(USUAL_HALF_S / half_s);
  return Math.min(FASTEST, Math.max(SLOWEST, rate));
}

/**
 * A voice that speaks this language on this device alone; none where there is none.
 * @param {SpeechSynthesisVoice[]} voices
 * @param {string} language
 */
export function localVoice(voices, language) {
  const able = voices.filter(
    ({ lang, localService }) =>
      localService === true && lang.toLowerCase().split(/[-_]/)[0] === language,
  );
  return able.find((voice) => voice.default) ?? able[0] ?? null;
}

export class Voice {
  /** @type {SpeechSynthesisUtterance | null} what is being said; kept, or it may stop */
  #said = null;
  #isWord = false; // of the breath, not a sentence
  #until_ms = 0; // some browsers forget to say that they have done
  #lead_s = 0;
  #isOurs = false;
  #asked = 0;
  #language;

  /** @param {string} language of the page */
  constructor(language) {
    this.#language = language;
    this.#voice(); // some browsers begin to look for their voices once they are asked
  }

  /** Whether this device has a voice for these pages. */
  get isThere() {
    return this.#voice() !== null;
  }

  /** How much earlier a word is to be asked for: voices begin a little late. */
  get lead_s() {
    return this.#lead_s;
  }

  /**
   * Say a sentence, in the place of whatever is being said.
   * @param {string} words
   */
  say(words) {
    this.silence();
    void this.#speak(words, CALMLY);
  }

  /**
   * Say a word for half a breath, if there is time and nothing else is being said.
   * @param {string} word
   * @param {number} half_s
   */
  async word(word, half_s) {
    const isBusy = this.#said !== null && performance.now() < this.#until_ms;
    if (half_s < SHORTEST_HALF_S || isBusy) return;
    const asked_ms = performance.now();
    const said = await this.#speak(word, rateFor(half_s));
    if (said) this.#isWord = true;
    said?.addEventListener("start", () => {
      const took_s = (performance.now() - asked_ms) / 1000;
      if (took_s > this.#lead_s + LATE_S && this.#said === said) this.silence();
      const learned_s = this.#lead_s + HEARD_SHARE * (took_s - this.#lead_s);
      this.#lead_s = Math.min(LEAD_MOST_S, learned_s);
    });
  }

  /** Say no word of a breath any more; a sentence is said to its end. */
  dropWord() {
    if (this.#isWord) this.silence();
  }

  /** Be silent at once. */
  silence() {
    this.#asked += 1;
    if (this.#said === null) return;
    this.#said = null;
    speechSynthesis.cancel();
  }

  /**
   * @param {string} words
   * @param {number} rate
   */
  async #speak(words, rate) {
    const asked = ++this.#asked;
    const voice = this.#voice();
    if (!voice || !words || !(await this.#maySpeak())) return null;
    if (asked !== this.#asked) return null; // it was silenced meanwhile
    const said = new SpeechSynthesisUtterance(words);
    said.voice = voice;
    said.lang = voice.lang;
    said.rate = rate;
    said.volume = SOFTLY;
    const over = () => {
      if (this.#said === said) this.#said = null;
    };
    said.addEventListener("end", over);
    said.addEventListener("error", over);
    this.#said = said;
    this.#isWord = false;
    this.#until_ms = performance.now() + 2000 + (150 * words.length) / rate;
    speechSynthesis.speak(said);
    return said;
  }

  /** Of several pages of one browser one speaks, until it is gone: never two voices. */
  async #maySpeak() {
    if (this.#isOurs || !navigator.locks) return true;
    await new Promise((/** @type {(_: void) => void} */ answered) => {
      navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => {
        this.#isOurs = lock !== null;
        answered();
        return lock && new Promise(() => {}); // until this page is gone
      });
    });
    return this.#isOurs;
  }

  #voice() {
    const { speechSynthesis: able } = globalThis;
    return able ? localVoice(able.getVoices(), this.#language) : null;
  }
}
