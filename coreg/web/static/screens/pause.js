/** Pause: let's stop, and four ways on. Nobody asks or keeps who pressed. */

import { timeWords } from "../days.js";
import { h, linkButton, say, title } from "../dom.js";
import { fill, WORDS } from "../words.js";
import { backSoon } from "./back_soon.js";
import { bothHold } from "./both_hold.js";
import { choicesLinks } from "./choices.js";
import { helpLink } from "./help.js";

const APART_MIN = 20;
const ROUND_TO_MS = 5 * 60_000;

/** @typedef {"near"|"apart"|"someone"|"finish"} Way */

const WAYS = /** @type {Way[]} */ (["near", "apart", "someone", "finish"]);

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function pause(app, state) {
  const lead = h("p", { class: "lead" });
  const ways = h("div", { class: "ways" });
  const both = bothHold(app, state);
  const otherWay = () => show({ ...app.state, pause: { ...app.state.pause, way: null } });
  const heading = title(WORDS.pause.title);
  const below = h(
    "div", { class: "onward" },
    h("p", {}, WORDS.pause.onTitle), h("p", {}, WORDS.pause.goOn), both.element,
  );
  const back = backSoon(app.hearing.audio, () => {
    say(lead, fill(WORDS.pause.backNow, { time: wallTime(Date.now()) }));
  });
  const all = wayButtons(app);
  const fewer = fewerWays(app, otherWay);
  const last = all.buttons.slice(-1); // to finish
  /** @param {any} now */
  const show = (now) => {
    const chosen = now.pause?.way ?? null;
    const isLast = Boolean(now.pause?.is_last);
    say(heading, headingWords(now));
    say(lead, leadWords(now));
    if (chosen === "apart") back.waits(away_ms(now));
    else back.stop();
    all.update();
    below.hidden = isLast;
    // Who comes back to a practice that broke off was not the one who wanted a pause.
    const isOver = isLast || Boolean(now.pause?.is_back && !chosen);
    const buttons = isOver ? last : chosen ? fewer : all.buttons;
    if (buttons[0].parentElement !== ways) { // else the focus would be lost, and a press
      const hadFocus = ways.contains(document.activeElement);
      ways.className = chosen ? "fewer-ways" : "ways";
      ways.replaceChildren(...buttons);
      if (hadFocus) heading.focus();
    }
  };
  show(state);
  return {
    element: h(
      "div", { class: "dusk paused" },
      h("p", { class: "label" }),
      h(
        "div", { class: "middle" },
        heading, lead, h("p", { class: "small medical" }, WORDS.pause.medical),
        ways, below,
        h(
          "div", { class: "links" },
          helpLink(), state.source === "straps" && choicesLinks(app, state),
        ),
      ),
    ),
    update: show,
    leave() {
      both.leave();
      back.stop();
    },
  };
}

/** @param {any} now */
function headingWords({ pause }) {
  if (pause?.is_last) return WORDS.pause.enough;
  return pause?.is_back ? WORDS.pause.backTitle : WORDS.pause.title;
}

/** @param {any} now */
function leadWords(now) {
  if (now.pause?.way) return chosenWords(now);
  return now.pause?.is_back ? WORDS.pause.back : WORDS.pause.lead;
}

/** @param {import("../app.js").App} app */
const finishWords = ({ state }) =>
  (state?.with_therapist ? WORDS.pause.finishToday : WORDS.pause.finish);

/**
 * The four ways on; when to be back is said anew while the pause lasts.
 * @param {import("../app.js").App} app
 */
function wayButtons(app) {
  /** @param {Way} way */
  const button = (way) =>
    h(
      "button", { type: "button", onClick: () => app.send("pause-way", { way }) },
      way === "finish" ? finishWords(app) : WORDS.pause[way],
    );
  const buttons = WAYS.map(button);
  return {
    buttons,
    update() {
      const time = wallTime(Date.now() + APART_MIN * 60_000);
      say(buttons[1], fill(WORDS.pause.apart, { time }));
    },
  };
}

/**
 * @param {import("../app.js").App} app
 * @param {() => void} otherWay
 */
function fewerWays(app, otherWay) {
  return [
    linkButton(WORDS.pause.otherWay, otherWay),
    linkButton(finishWords(app), () => app.send("pause-way", { way: "finish" })),
  ];
}

/**
 * @param {any} state
 */
function chosenWords(state) {
  const { way } = state.pause;
  if (way !== "apart") return way === "near" ? WORDS.pause.nearNow : WORDS.pause.someoneNow;
  const away = away_ms(state);
  const time = wallTime(Date.now() + Math.max(0, away));
  return fill(away > 0 ? WORDS.pause.apartNow : WORDS.pause.backNow, { time });
}

/**
 * How long they are still apart, in ms.
 * @param {any} state
 */
function away_ms(state) {
  const back_s = state.pause.back_server_s;
  // Both times are the server's: right even before this page knows the server's clock.
  const isKnown = back_s !== null && state.server_s !== null;
  const then_ms = isKnown ? 1000 * (back_s - state.server_s) : APART_MIN * 60_000;
  return state.heard_ms + then_ms - Date.now();
}

/** @param {number} at_ms */
function wallTime(at_ms) {
  return timeWords(Math.round(at_ms / ROUND_TO_MS) * ROUND_TO_MS);
}
