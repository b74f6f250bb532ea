/** The frame of every screen of a practice: a label, the middle, and one pause. */

import { h, linkButton, mainButton, say } from "../dom.js";
import { WORDS } from "../words.js";

/**
 * @param {any} app
 * @param {{label: string, middle: (Node | null)[], above?: Node[], sound?: boolean}} parts
 */
export function duskFrame(app, { label, middle, above = [], sound = false }) {
  const pause = mainButton(WORDS.practice.pause, () => app.pause());
  const sounds = linkButton("", () => app.toggleSound());
  const element = h(
    "div", { class: "dusk" },
    h("h1", { class: "label", tabindex: "-1" }, label),
    h("div", { class: "middle" }, middle),
    h(
      "div", { class: "bottom" },
      above,
      h("div", { class: "row" }, h("span"), pause, sound ? sounds : h("span")),
    ),
  );
  const update = () => {
    say(sounds, app.sound.on ? WORDS.practice.soundOff : WORDS.practice.soundOn);
  };
  update();
  return {
    element,
    update,
    /** @param {string} key */
    pressKey(key) {
      if (key === " ") app.pause();
      if (key === "m" && sound) app.toggleSound();
      if (key === "n" && app.state.block?.waits) app.send("press", { press: "next" });
    },
  };
}
