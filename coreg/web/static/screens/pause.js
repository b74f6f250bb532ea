/** Pause: let's stop, and four ways on. Nobody asks or keeps who pressed. */

import { h, linkButton, mainButton, say, title } from "../dom.js";
import { fill, WORDS } from "../words.js";

const APART_MIN = 20;
const ROUND_TO_MS = 5 * 60_000;
const BOTH_AFTER_MS = 1000; // the second yes is the other's, not the same finger twice

/**
 * @param {any} app
 * @param {any} state
 */
export function pause(app, state) {
  const lead = h("p", { class: "lead" });
  const ways = h("div", { class: "ways" });
  const ready = h("span", { class: "small", role: "status" });
  const onward = mainButton(WORDS.pause.goOn, () => goOn(app, onward));
  const otherWay = () => show({ ...app.state, pause: { ...app.state.pause, way: null } });
  const heading = title(WORDS.pause.title);
  const below = h("div", { class: "onward" }, h("p", {}, WORDS.pause.onTitle), onward, ready);
  /** @param {any} now */
  const show = (now) => {
    const chosen = now.pause?.way ?? null;
    say(lead, chosen ? chosenWords(now) : WORDS.pause.lead);
    ways.className = chosen ? "fewer-ways" : "ways";
    ways.replaceChildren(...(chosen ? fewerWays(app, otherWay) : wayButtons(app)));
    say(ready, now.pause?.one_ready ? WORDS.pause.oneReady : "");
  };
  show(state);
  return {
    element: h(
      "div", { class: "dusk paused" },
      h("p", { class: "label" }),
      h("div", { class: "middle" }, heading, lead, ways, below),
    ),
    update: show,
  };
}

/** @param {any} app */
function wayButtons(app) {
  const back = wallTime(Date.now() + APART_MIN * 60_000);
  const ways = {
    near: WORDS.pause.near,
    apart: fill(WORDS.pause.apart, { time: back }),
    someone: WORDS.pause.someone,
    finish: WORDS.pause.finish,
  };
  return Object.entries(ways).map(([way, words]) =>
    h("button", { type: "button", onClick: () => app.send("pause-way", { way }) }, words),
  );
}

/**
 * @param {any} app
 * @param {() => void} otherWay
 */
function fewerWays(app, otherWay) {
  return [
    linkButton(WORDS.pause.otherWay, otherWay),
    linkButton(WORDS.pause.finish, () => app.send("pause-way", { way: "finish" })),
  ];
}

/**
 * @param {any} state
 */
function chosenWords(state) {
  const { way, back_server_s: back_s } = state.pause;
  if (way !== "apart") return way === "near" ? WORDS.pause.nearNow : WORDS.pause.someoneNow;
  // Both times are the server's: right even before this page knows the server's clock.
  const isKnown = back_s !== null && state.server_s !== null;
  const away_ms = isKnown ? 1000 * (back_s - state.server_s) : APART_MIN * 60_000;
  return fill(WORDS.pause.apartNow, { time: wallTime(state.heard_ms + away_ms) });
}

/**
 * @param {any} app
 * @param {HTMLElement} button
 */
function goOn(app, button) {
  app.send("press", { press: "resume" });
  button.setAttribute("disabled", "");
  setTimeout(() => button.removeAttribute("disabled"), BOTH_AFTER_MS);
}

/** @param {number} at_ms */
function wallTime(at_ms) {
  const rounded = new Date(Math.round(at_ms / ROUND_TO_MS) * ROUND_TO_MS);
  return rounded.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}
