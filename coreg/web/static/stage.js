/**
 * Which screen is shown: one fades out, the next fades in, the lamp is turned.
 */

import { partKey } from "./block.js";
import { arrive, rest } from "./screens/quiet.js";
import { bothLight } from "./screens/both_light.js";
import { breathe } from "./screens/breathe.js";
import { consent } from "./screens/consent.js";
import { clinicPage } from "./screens/clinic.js";
import { clinicLock } from "./screens/clinic_lock.js";
import { consolePage } from "./screens/console.js";
import { evenings } from "./screens/evenings.js";
import { gate } from "./screens/gate.js";
import { gone } from "./screens/gone.js";
import { home } from "./screens/home.js";
import { light } from "./screens/light.js";
import { lock, locked } from "./screens/lock.js";
import { lookBack } from "./screens/look_back.js";
import { newer } from "./screens/newer.js";
import { notYet } from "./screens/not_yet.js";
import { asked, step, write } from "./screens/own_part.js";
import { pause } from "./screens/pause.js";
import { elsewhere, ownerOf, phone } from "./screens/phone.js";
import { question } from "./screens/question.js";
import { settings } from "./screens/settings.js";
import { talk } from "./screens/talk.js";
import { turn } from "./screens/turn.js";
import { welcome } from "./screens/welcome.js";
import { NEW } from "./wire.js";
import { WORDS, wordsOf } from "./words.js";

/**
 * @typedef {object} Screen
 * @property {HTMLElement} element
 * @property {(state: any) => void} [update] the state changed, the screen did not
 * @property {(straps: any[]) => void} [hearts]
 * @property {(watched: any) => void} [watched]
 * @property {(told: any) => void} [hour]
 * @property {(heard: any[]) => void} [heard]
 * @property {(link: string) => void} [editor]
 * @property {(told: any) => void} [homePlan]
 * @property {(key: string) => void} [pressKey]
 * @property {boolean} [pauses] Space and Esc pause here, whatever has the focus
 * @property {() => void} [escape] Esc leaves it at once; nothing on it is kept
 * @property {() => void} [leave]
 * @property {() => void} [letGo] what stands on it need not be saved
 * @property {() => boolean} [holds] something on it is not saved yet: it stays
 * @property {() => boolean} [showsKey] a recovery key stands on it: a lock takes it away
 * @property {() => void} [moved] the evening went on, and it stayed
 * @property {(why: import("./socket.js").Down) => void} [away] the line is down, and it stayed
 */

/** @type {Record<string, (app: import("./app.js").App, state: any) => Screen>} */
const SCREENS = {
  welcome, consent, lock, locked, home, gate, question, arrive, breathe, rest, pause,
  evenings, settings, turn, step, write, asked,
  words: talk,
  "both-light": bothLight,
  console: consolePage,
  light, phone, elsewhere,
  "look-back": lookBack,
  "not-yet": notYet,
  [NEW]: newer,
};
/** What is asked of one alone. */
const ALONE = ["consent", "gate", "question", "step", "write", "asked"];
/** Where a light goes, as a window of its own shows it. */
const LIT = ["breathe", "both-light"];
/** Where two sit before one screen, and a phone has nothing to do. */
const OF_THE_LAPTOP = [
  "welcome", "not-yet", "lock", "home", "evenings", "settings", "look-back",
];
const FADE_MS = 500;
const LAMP_MS = 700; // the lamp is turned a little before the next words come

/**
 * The screen to show: one whose turn this page does not know is not taken for another.
 * @param {any} state
 */
function screenOf(state) {
  const { screen, turn: whose, seat } = state;
  if (seat === "therapist") return "console";
  if (seat === "light") return LIT.includes(screen) ? screen : "light";
  const isNobodys = ALONE.includes(screen) && whose === null;
  const isKnown = Object.hasOwn(SCREENS, screen) && whose !== NEW;
  if (!isKnown || isNobodys) return NEW;
  const isAsked = whose !== null && [...ALONE, "look-back"].includes(screen);
  if (isAsked && state.elsewhere) return "elsewhere";
  const isApart = ownerOf(state) !== null;
  return isApart && !isAsked && OF_THE_LAPTOP.includes(screen) ? "phone" : screen;
}

/**
 * Where one is, for whoever has many tabs. A browser keeps it: what one of the two reads
 * alone has no title of its own.
 * @param {string} screen
 */
function titleOf(screen) {
  const where = wordsOf(WORDS.titles, screen);
  return where ? `${where} · coreg` : "coreg";
}

export class Stage {
  #app;
  #place = /** @type {HTMLElement} */ (document.getElementById("stage"));
  /** @type {Screen | null} */
  #screen = null;
  #shown = "";

  /** @param {any} app */
  constructor(app) {
    this.#app = app;
  }

  /** @param {any} state */
  show(state) {
    const screen = screenOf(state);
    // A console stays from before a practice until after it, with what is written on it.
    const key = screen === "console" ? screen : [
      screen, state.turn, state.simulated, partKey(state),
      screen === "phone" ? state.screen : "",
    ].join(" ");
    if (key === this.#shown) {
      this.update(state);
      return;
    }
    if (this.holds) {
      this.#screen?.moved?.();
      return;
    }
    this.#change(key, SCREENS[screen](this.#app, state));
  }

  /**
   * Everything is locked: whatever stood here goes, saved or not.
   * @param {{words?: string, clinic?: string | null}} told why it could not be opened,
   *   if so, and whether it is a therapist's to open
   */
  close({ words = "", clinic = null }) {
    const key = clinic ? "clinic-lock" : "locked";
    const keyWent = this.#screen?.showsKey?.() ?? false; // which may stand on that very screen
    this.#screen?.letGo?.();
    if (this.#shown !== key || keyWent) {
      const app = this.#app;
      this.#change(key, clinic ? clinicLock(app, clinic, { keyWent }) : locked(app, { keyWent }));
    }
    this.update({ words, clinic });
  }

  /** The evening has ended for this page: whatever stood here goes, saved or not. */
  end() {
    this.#screen?.letGo?.();
    this.#change("gone ended", gone("ended", false));
  }

  /**
   * No couple is here: the therapist's own list of them.
   * @param {any} told
   */
  clinic(told) {
    if (this.#shown !== "clinic") {
      if (this.holds) return; // a recovery key, which is seen this once
      this.#screen?.letGo?.();
      this.#change("clinic", clinicPage(this.#app));
    }
    this.update(told);
  }

  /** @param {any} told an hour, as its therapist goes over it */
  hour(told) {
    this.#screen?.hour?.(told);
  }

  /** @param {string} link where an editor of heartbeats answers, once */
  editor(link) {
    this.#screen?.editor?.(link);
  }

  /** @param {any[]} heard what the two told their therapist, for a console */
  heard(heard) {
    this.#screen?.heard?.(heard);
  }

  /** @param {any} told a couple's plan for home, for their therapist */
  homePlan(told) {
    this.#screen?.homePlan?.(told);
  }

  /** @param {import("./socket.js").Down} why */
  gone(why) {
    if (this.holds) {
      this.#screen?.away?.(why);
      return;
    }
    const key = `gone ${why}`;
    const byNight = document.body.dataset.light === "dusk";
    if (key !== this.#shown) this.#change(key, gone(why, byNight));
  }

  /** @param {any} state */
  update(state) {
    this.#screen?.update?.(state);
  }

  /** @param {any[]} straps */
  hearts(straps) {
    this.#screen?.hearts?.(straps);
  }

  /** @param {any} watched both hearts, for a console */
  watched(watched) {
    this.#screen?.watched?.(watched);
  }

  /** Whether something on the screen is not saved yet, and would be lost with it. */
  get holds() {
    return this.#screen?.holds?.() ?? false;
  }

  /** Whether the lamp is turned down: nobody touches anything for a while. */
  get isDusk() {
    return this.#screen?.element.classList.contains("dusk") ?? false;
  }

  /** Whether this is a screen of a practice. */
  get pauses() {
    return this.#screen?.pauses ?? false;
  }

  /** Leave at once, where that is possible. */
  escape() {
    this.#screen?.escape?.();
  }

  /** @param {string} key */
  pressKey(key) {
    this.#screen?.pressKey?.(key);
  }

  /**
   * @param {string} key
   * @param {Screen} next
   */
  #change(key, next) {
    const before = this.#screen;
    const light = next.element.classList.contains("dusk") ? "dusk" : "day";
    const turned = document.body.dataset.light !== light;
    this.#shown = key;
    this.#screen = next;
    before?.leave?.();
    for (const dialog of document.querySelectorAll("dialog")) dialog.close();
    if (before) this.#fadeOut(before.element);
    this.#turn(light, before === null);
    next.element.dataset.light = light;
    next.element.classList.add("screen", "coming");
    this.#place.append(next.element);
    document.title = titleOf(key.split(" ")[0] ?? "");
    window.scrollTo(0, 0);
    const wait_ms = before === null ? 0 : turned ? LAMP_MS : FADE_MS / 2;
    setTimeout(() => next.element.classList.remove("coming"), wait_ms + 20);
    next.element.querySelector("h1")?.focus({ preventScroll: true });
  }

  /**
   * Turn the lamp; at once on a page that has only just come.
   * @param {string} light
   * @param {boolean} atOnce
   */
  #turn(light, atOnce) {
    const was = document.documentElement.dataset.light ?? "day";
    document.body.classList.toggle("at-once", atOnce && was === light);
    document.body.dataset.light = light;
    delete document.documentElement.dataset.light; // the body has it from here on
    try {
      sessionStorage.setItem("light", light);
    } catch {
      // Then a reload begins by day.
    }
  }

  /** @param {HTMLElement} element */
  #fadeOut(element) {
    element.classList.add("leaving");
    element.inert = true;
    setTimeout(() => element.remove(), FADE_MS);
  }
}
