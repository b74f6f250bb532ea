/** How a practice is heard on this page: the breath, and closed eyes. */

import { h, linkButton, say, tick } from "../dom.js";
import { WORDS } from "../words.js";
import { side } from "./pace.js";

/** @typedef {import("../preferences.js").Heard} Heard */

const WAYS = /** @type {Heard[]} */ (["", "tone", "voice"]);

/**
 * To choose on a page by day.
 * @param {import("../app.js").App} app
 */
export function heardChoice(app) {
  const { hearing } = app;
  const sides = WAYS.map((way) =>
    side("heard", WORDS.aloud.ways[way], way === hearing.heard, () => hearing.choose(way)),
  );
  const eyes = tick(WORDS.aloud.eyes, WORDS.aloud.eyesHint, {
    checked: hearing.wantsEyesClosed,
    onChange: async () => {
      await hearing.closeEyes(eyes.box.checked);
      sides.forEach((each, i) => {
        const input = /** @type {HTMLInputElement} */ (each.querySelector("input"));
        input.checked = WAYS[i] === hearing.heard;
      });
    },
  });
  return h(
    "div", { class: "aloud" },
    h(
      "div", { class: "sides", role: "radiogroup", "aria-label": WORDS.aloud.breath },
      h("span", { class: "small", "aria-hidden": "true" }, WORDS.aloud.breath),
      h("span", { class: "choices" }, sides),
    ),
    h("p", { class: "small" }, WORDS.aloud.voiceHint),
    eyes.element,
  );
}

/**
 * To choose while two settle in; and to say, on any screen, where a tap is waited for.
 *
 * A button and no box to tick: on a screen of a practice Space pauses (keys.js).
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function eyesButton(app, state) {
  const { hearing } = app;
  const told = h("p", { class: "small", "aria-live": "polite" });
  const button = linkButton(WORDS.aloud.eyes, async () => {
    await hearing.closeEyes(!hearing.eyesClosed);
    update(app.state);
  });
  const element = h("div", { class: "eyes" }, button, told);
  /** @param {any} now */
  const update = (now) => {
    button.hidden = now?.screen !== "arrive" || now.taps || !hearing.isHere;
    button.setAttribute("aria-pressed", String(hearing.eyesClosed));
    const isJustChosen = hearing.eyesClosed && !button.hidden;
    say(told, hearing.waitsForTap ? WORDS.aloud.tap : isJustChosen ? WORDS.aloud.chosen : "");
    element.hidden = button.hidden && told.textContent === "";
  };
  update(state);
  return { element, update };
}
