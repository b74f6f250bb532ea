/**
 * What a page lets be heard and felt: the breath as a tone, a voice or a touch, the bell,
 * and whoever leads with closed eyes. Each is a choice of this place alone.
 */

import { ringBell, turnsAPart } from "./bell.js";
import { Guide } from "./guide.js";
import { PageAudio } from "./page_audio.js";
import {
  chooseEyesClosed, chooseHeard, chosenEyesClosed, chosenHeard, forgetHearing,
} from "./preferences.js";
import { SoundPacer } from "./sound.js";
import { stopTouching, touch } from "./touch.js";
import { Turns } from "./turns.js";
import { Voice } from "./voice.js";
import { LANGUAGE, WORDS } from "./words.js";

/** @typedef {import("./preferences.js").Heard} Heard */

const SHARED = "both"; // the laptop's: a phone is its owner's
const SEATS = [SHARED, "A", "B"]; // a console and a light are silent
const WORD = { in: () => WORDS.aloud.in, out: () => WORDS.aloud.out };

export class Hearing {
  audio = new PageAudio();
  voice = new Voice(LANGUAGE);
  #guide = new Guide(this.audio, this.voice);
  #sound;
  #words;
  #touches;
  #seat = "";
  #hasSparks = false;
  /** @type {Heard} what somebody turns back on */
  #last = "tone";

  /** @param {() => number} now_s reads the server's clock */
  constructor(now_s) {
    this.#sound = new SoundPacer(this.audio, now_s);
    this.#words = new Turns(
      now_s, (turn, half_s) => this.voice.word(WORD[turn](), half_s), () => this.voice.lead_s,
    );
    this.#touches = new Turns(now_s, touch);
  }

  /** How the breath sounds here, by choice. */
  get heard() {
    return chosenHeard(this.#seat);
  }

  /** Whether the breath sounds now: where it was chosen, and the browser allows it. */
  get on() {
    return this.heard !== "" && this.audio.running !== null;
  }

  /** Whether anything is heard on this page at all. */
  get isHere() {
    return this.#seat !== "";
  }

  /** Whether somebody here wants to practise with closed eyes. */
  get wantsEyesClosed() {
    return chosenEyesClosed(this.#seat);
  }

  /** Whether somebody here does: not where a spark has to be seen. */
  get eyesClosed() {
    return this.wantsEyesClosed && !this.#hasSparks;
  }

  /** Whether something was chosen that a first tap has to allow. */
  get waitsForTap() {
    return (this.eyesClosed || this.heard !== "") && this.audio.running === null;
  }

  /**
   * Call it from a tap or a key, or the browser stays silent.
   * @param {Heard} heard
   */
  async choose(heard) {
    if (heard === "") this.#last = this.heard || this.#last;
    this.still();
    chooseHeard(this.#seat, heard);
    if (heard !== "") await this.audio.allow();
  }

  /** The breath is silent, or sounds as it did. */
  async toggle() {
    await this.choose(this.on ? "" : this.heard || this.#last);
  }

  /**
   * Whoever closes their eyes hears the breath from then on.
   * @param {boolean} closed
   */
  async closeEyes(closed) {
    chooseEyesClosed(this.#seat, closed);
    this.#guide.silence();
    if (!closed) return;
    await this.choose(this.heard || "tone");
    this.#guide.tellOne("part", WORDS.aloud.chosen);
  }

  /**
   * The evening went on.
   * @param {any} before
   * @param {any} after
   */
  wentOn(before, after) {
    this.#seat = SEATS.includes(after.seat) ? after.seat : "";
    this.#hasSparks = Boolean(after.taps);
    if (this.eyesClosed) this.#guide.tell(before, after);
    else if ((after.settings?.bell ?? true) && turnsAPart(before, after)) ringBell(this.audio);
  }

  /** @param {import("./phase.js").Breath} breath that has not begun yet */
  announce(breath) {
    if (this.#seat === "") return;
    const speaks = this.heard === "voice" && this.voice.isThere;
    if (speaks) this.#words.announce(breath);
    else if (this.heard !== "") this.#sound.announce(breath);
    this.#touches.announce(breath);
  }

  /**
   * The line is down in the middle of a practice.
   * @param {string} words
   */
  broke(words) {
    if (this.eyesClosed) this.#guide.tellOne("lost", words);
  }

  /** The breath stands still: nothing more of it is heard or felt. */
  still() {
    this.#sound.silence();
    this.#words.clear();
    this.voice.dropWord();
    this.#touches.clear();
  }

  /** The couple at this laptop has left: the next one finds nothing of their choices. */
  forget() {
    forgetHearing(SHARED);
  }

  /** Be silent at once, whatever was being told. */
  silence() {
    this.still();
    this.#guide.silence();
    stopTouching();
  }
}
