/** The frame of every screen of a practice: a label, the middle, and one pause. */

import { h, linkButton, mainButton, say } from "../dom.js";
import { WORDS } from "../words.js";
import { eyesButton } from "./aloud.js";

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {{
 *   label: string, middle: (Node | null)[], above?: Node[], aside?: Node, beside?: Node,
 *   hears?: boolean, saysOf?: (state: any) => string,
 * }} parts
 */
export function duskFrame(
  app, state, { label, middle, above = [], aside, beside, hears = false, saysOf = () => "" },
) {
  const pause = mainButton(WORDS.practice.pause, () => app.pause());
  const sounds = linkButton("", () => app.toggleSound());
  const line = oneLine(app, saysOf);
  const eyes = eyesButton(app, state);
  const element = h(
    "div", { class: "dusk" },
    h("h1", { class: "label", tabindex: "-1" }, label),
    h("div", { class: "middle" }, middle),
    h(
      "div", { class: "bottom" },
      line.element,
      above,
      eyes.element,
      beside
        ? h("div", { class: "pair-of-ways" }, beside, pause)
        : h("div", { class: "row" }, aside ?? h("span"), pause, hears ? sounds : h("span")),
    ),
  );
  /** @param {any} now */
  const update = (now) => {
    say(sounds, app.hearing.on ? WORDS.practice.soundOff : WORDS.practice.soundOn);
    line.update(now);
    eyes.update(now);
  };
  update(state);
  return {
    element,
    update,
    pauses: true, // by Space and Esc (keys.js)
    /** @param {string} key */
    pressKey(key) {
      if (key === "m" && hears) app.toggleSound();
      if (key === "n" && goesOn(app.state.block)) app.send("press", { press: "next" });
    },
  };
}

/**
 * Whether going on is what is waited for, not one of other choices.
 * @param {any} block
 */
function goesOn(block) {
  const choices = block?.choices ?? [];
  const isOffered = choices.some((/** @type {any} */ choice) => choice.does === "next");
  return Boolean(block?.waits) && (choices.length === 0 || isOffered);
}

/**
 * One line above the pause: what the pace does, or "A lot going on. All right?". The
 * question is asked of both and imposes nothing; each of its answers has a button.
 * @param {import("../app.js").App} app
 * @param {(state: any) => string} saysOf
 */
function oneLine(app, saysOf) {
  const words = h("span");
  const lively = linkButton(WORDS.practice.lively, () => app.send("lively"));
  const tooMuch = linkButton(WORDS.practice.tooMuch, () => app.pause());
  const element = h("p", { class: "line", "aria-live": "polite" }, words, lively, tooMuch);
  /** @param {any} now */
  const update = (now) => {
    const asks = Boolean(now?.asks);
    say(words, asks ? WORDS.practice.asks : saysOf(now ?? {}));
    lively.hidden = !asks;
    tooMuch.hidden = !asks;
    element.classList.toggle("asks", asks);
  };
  return { element, update };
}
