/**
 * What a page knows, and the one place where messages become changes of it.
 */

import { isSamePart } from "./block.js";
import { ServerClock } from "./clock.js";
import { openLinksInEveningTabs } from "./evening_tabs.js";
import { Glints } from "./glints.js";
import { Hearing } from "./hearing.js";
import { listenToKeys } from "./keys.js";
import { showNotices, showTag } from "./margins.js";
import { Schedule } from "./phase.js";
import { ownerOf } from "./screens/phone.js";
import { Line } from "./socket.js";
import { Stage } from "./stage.js";
import { Wake } from "./wake.js";
import { WORDS } from "./words.js";

const GONE_AFTER_MS = 900; // a blink of the line is not worth a word
const TRIES_AGAIN_MS = 300; // where the server was asked for too much at once

/**
 * @typedef {object} Answer
 * @property {boolean} isTaken
 * @property {string} why not, where it was not taken
 * @property {any} agreed what somebody agreed to
 * @property {any} unlocked
 * @property {any} own
 * @property {string | null} recovery_key of a passphrase that was chosen
 * @property {number | null} wait_s how long it will be refused, where that is known
 */

const NOTHING = { agreed: null, unlocked: null, own: null, wait_s: null, recovery_key: null };

const local_s = () => performance.now() / 1000;

export class App {
  clock = new ServerClock();
  schedule = new Schedule();
  glints = new Glints();
  hearing = new Hearing(() => this.now_s());
  /** @type {number | null} the shared warmth, 0 to 1; null while nobody knows */
  warmth = null;
  /** @type {any} the last state the server told */
  state = null;
  /** @type {any} the couples of a therapist's, while none of them is here */
  #clinic = null;
  #stage = new Stage(this);
  #wake = new Wake();
  #line;
  #goneTimer = 0;
  #owesPause = false;
  /** @type {Map<number, (answer: Answer) => void>} who waits to hear of a message */
  #asked = new Map();
  #lastAsked = 0;

  /** @param {string} url of the server's WebSocket */
  constructor(url) {
    this.#line = new Line(url, {
      opened: () => this.#opened(),
      message: (message) => this.#take(message),
      closed: (why) => this.#closed(why),
      ping: () => this.clock.sent(local_s()),
    });
  }

  start() {
    listenToKeys(this);
    this.hearing.audio.listen(() => {
      if (this.state && this.#stage.isDusk) this.#stage.update(this.state);
    });
    openLinksInEveningTabs();
    addEventListener("beforeunload", (event) => {
      if (this.#stage.holds) event.preventDefault(); // then the browser asks first
    });
    this.#line.open();
  }

  /** The server's time as well as this page knows it. */
  now_s() {
    return this.clock.at(local_s());
  }

  /** How full the lungs are now, for whoever draws. */
  fullness() {
    return this.clock.known ? this.schedule.fullness(this.now_s()) : 0;
  }

  /** Which way the breath goes now. */
  turn() {
    return this.clock.known ? this.schedule.turn(this.now_s()) : "still";
  }

  /** Whether a glint is to be seen now. */
  isGlint() {
    return this.clock.known && this.glints.shows(this.now_s());
  }

  /**
   * @param {string} type
   * @param {Record<string, unknown>} [fields]
   */
  send(type, fields = {}) {
    this.#line.send({ type, ...fields });
  }

  /**
   * Ask for something, and hear what became of it: taken, once all of it is kept where
   * it is to be kept, or why not (`away` where the line broke).
   * @param {string} type
   * @param {Record<string, unknown>} fields
   * @returns {Promise<Answer>}
   */
  ask(type, fields) {
    this.#lastAsked += 1;
    const id = this.#lastAsked;
    return new Promise((answered) => {
      this.#asked.set(id, answered);
      if (!this.#line.send({ type, ...fields, id })) this.#answer(id, { why: "away" });
    });
  }

  /**
   * @param {number | null} id
   * @param {Partial<Answer>} told
   */
  #answer(id, { why = "", ...told }) {
    if (id === null) return;
    this.#asked.get(id)?.({ ...NOTHING, ...told, isTaken: why === "", why });
    this.#asked.delete(id);
  }

  /**
   * @param {string} screen
   * @param {"A"|"B"} [partner] whose, where it is one person's own
   */
  go(screen, partner) {
    this.send("go", { screen, ...(partner && { partner }) });
  }

  /**
   * Show where the evening is now, or who comes to a therapist: what somebody gave on a
   * page is kept, or left. Returns whether there is anything to show.
   */
  goOn() {
    if (this.state) this.#stage.show(this.state);
    else if (this.#clinic) this.#stage.clinic(this.#clinic);
    return Boolean(this.state ?? this.#clinic);
  }

  /** Whether Space and Esc pause now, whatever has the focus. */
  get isPractising() {
    return this.#stage.pauses;
  }

  /**
   * Pause: this page stands still at once, the other as soon as it hears. No pause is
   * lost: where it does not arrive, it is asked for again until it is there.
   */
  pause() {
    this.#still(this.now_s());
    this.hearing.silence();
    // Where the other one was quicker, no second pause is owed once both went on.
    this.#owesPause = !this.state?.paused;
    this.send("press", { press: "pause" });
  }

  #askToPause() {
    if (this.#owesPause) this.send("press", { press: "pause" });
  }

  async toggleSound() {
    await this.hearing.toggle();
    this.#stage.update(this.state);
  }

  /** Leave a page that is for one alone, at once. */
  escape() {
    this.#stage.escape();
    if (this.state) this.goOn();
  }

  /** @param {string} key */
  pressKey(key) {
    this.#stage.pressKey(key);
  }

  #opened() {
    clearTimeout(this.#goneTimer);
    this.clock.forget();
  }

  /** @param {import("./socket.js").Down} why */
  #closed(why) {
    for (const id of [...this.#asked.keys()]) this.#answer(id, { why: "away" });
    this.schedule.clear();
    this.hearing.silence();
    clearTimeout(this.#goneTimer);
    this.#goneTimer = setTimeout(() => {
      if (this.#stage.isDusk) this.hearing.broke(WORDS.gone[why].title);
      this.#stage.gone(why);
    }, GONE_AFTER_MS);
  }

  /** @param {any} message */
  #take(message) {
    switch (message.type) {
      case "pong":
        this.clock.heard(message.id, message.server_s, local_s());
        break;
      case "state":
        this.#takeState(message);
        break;
      case "locked":
        this.#forget();
        if (message.clinic) this.hearing.forget(); // at home the same two come back
        this.#stage.close(message);
        break;
      case "ended":
        this.#line.end();
        this.#forget();
        this.hearing.forget();
        this.#stage.end();
        break;
      case "clinic":
        this.#forget();
        this.hearing.forget();
        this.#clinic = message;
        this.#stage.clinic(message);
        break;
      case "hour":
        this.#stage.hour(message);
        break;
      case "heard":
        this.#stage.heard(message.heard);
        break;
      case "editor":
        this.#stage.editor(message.link);
        break;
      case "home-plan":
        this.#stage.homePlan(message);
        break;
      case "hearts":
        this.#stage.hearts(message.straps);
        break;
      case "breath":
        this.#announce(message);
        break;
      case "glint":
        this.glints.announce(message.t_s);
        break;
      case "pacer-stopped":
        this.#still(message.t_s ?? this.now_s());
        break;
      case "warmth":
        this.warmth = message.value;
        break;
      case "watched":
        this.#stage.watched(message);
        break;
      case "taken":
        this.#answer(message.id, message);
        break;
      case "refused":
        this.#answer(message.id, { ...message, why: message.why || "unknown" });
        setTimeout(() => this.#askToPause(), TRIES_AGAIN_MS);
        break;
    }
  }

  /** Forget everything until somebody opens it again. */
  #forget() {
    this.state = null;
    this.#clinic = null;
    this.schedule.clear();
    this.hearing.silence();
    showTag({ simulated: false });
    showNotices({ recording: { ok: true, words: "" }, notices: [] });
    this.#wake.want(false);
  }

  /** @param {any} state */
  #takeState(state) {
    const goesOn = Boolean(state.block) && isSamePart(state, this.state);
    const isLed = Boolean(state.breath ?? state.next_breath);
    const before = this.state;
    this.#clinic = null;
    this.state = { ...state, heard_ms: Date.now() };
    if (!goesOn && !isLed) { // another block, in which nobody is led
      this.schedule.clear();
      this.hearing.still();
      this.warmth = null;
    }
    this.hearing.wentOn(before, state);
    if (state.paused) this.#still(Math.min(state.server_s ?? Infinity, this.now_s()));
    else this.#announceAll(state);
    if (state.asks) this.glints.stop(this.now_s()); // one question at a time
    showTag(state);
    showNotices(state);
    this.#stage.show(this.state);
    // A phone that fell asleep would not say that it is its owner's turn.
    const isAwaited = ownerOf(state) !== null && state.turn !== null;
    this.#wake.want(this.#stage.isDusk || isAwaited);
    if (state.paused || !state.block) this.#owesPause = false;
    this.#askToPause();
  }

  /** @param {any} state */
  #announceAll(state) {
    for (const breath of [state.breath, state.next_breath]) {
      if (breath && !this.schedule.knows(breath)) this.#announce(breath);
    }
  }

  /** @param {import("./phase.js").Breath} breath */
  #announce(breath) {
    this.schedule.announce(breath);
    // A light that leads nobody is not heard: a tone would be a breath to follow.
    const leads = this.state?.block?.kind !== "light";
    if (this.clock.known && leads) this.hearing.announce(breath);
  }

  /** @param {number} t_s */
  #still(t_s) {
    this.schedule.stop(t_s);
    this.glints.stop(t_s);
    this.hearing.still();
  }
}
