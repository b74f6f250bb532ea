/**
 * One speaks, the other listens; or one says what would help, and gets it.
 *
 * Both read their line from the one screen: nothing in it is for one alone. Where the
 * other one spoke before, the first seconds are quiet, and nothing stands there.
 */

import { h, mark, quietButton, say } from "../dom.js";
import { fade } from "../fading.js";
import { nameOf, otherOf, WORDS } from "../words.js";
import { duskFrame } from "./dusk.js";

/** @typedef {"A"|"B"} Partner */

const LOOKS_MS = 200;

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function turn(app, state) {
  const block = state.block ?? {};
  const light = h("div", { class: "rest-light", "aria-hidden": "true" });
  const lines = roleLines(state, block);
  const ways = h("div", { class: "turn-ways" }, waysOf(app, block));
  const frame = duskFrame(app, state, {
    label: block.name || WORDS.turn.label,
    middle: [
      light,
      h(
        "div", { class: "turn" },
        block.words ? h("p", { class: "spoken-words" }, block.words) : null,
        lines.element,
        ways,
      ),
    ],
  });
  const still = frame.element.querySelector(".turn");
  const fades = fade(app, light, null);
  const look = () => {
    const passed_s = app.clock.known ? app.now_s() - (app.state?.block?.began_server_s ?? 0) : 0;
    const isQuiet = app.clock.known && passed_s < block.quiet_s;
    still?.classList.toggle("hushed", isQuiet);
    ways.querySelectorAll("button").forEach((each) => each.toggleAttribute("disabled", isQuiet));
    lines.update(passed_s - (block.quiet_s ?? 0));
  };
  look();
  const timer = setInterval(look, LOOKS_MS);
  return {
    ...frame,
    leave() {
      clearInterval(timer);
      fades();
    },
  };
}

/**
 * A line each, beside the name it is for; of prompts, the one whose time it is.
 * @param {any} state
 * @param {any} block
 */
function roleLines(state, block) {
  const speaker = h("p", {}, block.speaker);
  const hasLines = block.who && (block.speaker || block.prompts?.length || block.listener);
  const element = hasLines
    ? h(
        "div", { class: "roles" },
        roleLine(state, block.who, speaker),
        block.listener && roleLine(state, otherOf(block.who), h("p", {}, block.listener)),
      )
    : null;
  return {
    element,
    /** @param {number} passed_s of the time in which somebody speaks */
    update(passed_s) {
      const prompts = [block.speaker, ...(block.prompts ?? [])].filter(Boolean);
      if (prompts.length === 0) return;
      const at = Math.floor(Math.max(0, passed_s) / (block.prompt_s || 40));
      say(speaker, prompts[Math.min(at, prompts.length - 1)]);
    },
  };
}

/**
 * A line beside the name of whom it is for.
 * @param {any} state
 * @param {Partner} partner
 * @param {HTMLElement} line
 */
export function roleLine(state, partner, line) {
  return h(
    "div", { class: "role", "data-partner": partner },
    h("p", { class: "who" }, mark(partner), h("span", {}, nameOf(state, partner))),
    line,
  );
}

/**
 * What ends it, where that is a press: one button a choice, none of which weighs more.
 * @param {import("../app.js").App} app
 * @param {any} block
 */
function waysOf(app, block) {
  if (!block.waits) return [];
  const choices = block.choices?.length ? block.choices : [{ words: WORDS.turn.on, does: "next" }];
  return choices.map((/** @type {any} */ choice) =>
    quietButton(choice.words, () => press(app, choice.does)));
}

/**
 * What a choice does, where nobody has the screen alone.
 * @param {import("../app.js").App} app
 * @param {string} does
 */
function press(app, does) {
  if (does === "pause") app.pause();
  else app.send("press", { press: does === "end" ? "finish" : does });
}
