/** Breathing together: one orb, one pause, and how to breathe smaller. */

import { h, linkButton, say } from "../dom.js";
import { brightness } from "../fading.js";
import { Orb, Slow } from "../orb.js";
import { wantsSpokenBreath } from "../preferences.js";
import { fill, nameOf, WORDS, wordsOf } from "../words.js";
import { duskFrame } from "./dusk.js";
import { ownerOf } from "./phone.js";

const STILL_SIZE = 0.55; // with reduced motion the orb keeps this size
const NEUTRAL = 0.35; // warmth while nobody knows it
/** @type {Record<string, "A"|"B">} the side of the keyboard that each taps on */
const SIDES = { f: "A", j: "B" };

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function breathe(app, state) {
  const canvas = /** @type {HTMLCanvasElement} */ (
    h("canvas", { role: "img", "aria-label": WORDS.breathe.orb })
  );
  const ownPace = Boolean(state.practice?.own_pace); // then its blocks say what comes
  const isLight = state.seat === "light"; // a window to look at, with a pause
  const turns = turnWords();
  const smaller = h("p", { class: "safe" }, WORDS.breathe.smaller);
  const glint = h("span", { class: "glint", "aria-hidden": "true" });
  const tooSlow = () => app.send("press", { press: "too slow" });
  const frame = duskFrame(app, state, {
    label: (ownPace && state.block?.name) || WORDS.breathe.label,
    saysOf: (now) =>
      ownPace ? now.block?.words ?? "" : wordsOf(WORDS.breathe.pacing, now.pacing) ?? "",
    aside: isLight ? undefined : linkButton(WORDS.breathe.tooSlow, tooSlow),
    middle: [h("div", { class: "light" }, canvas, glint), turns.element],
    above: [state.taps ? betweenKeys(app, state, smaller) : smaller],
    hears: !isLight,
  });
  const stop = animate(app, canvas, {
    drawn: () => {
      turns.update(app.turn());
      glint.classList.toggle("now", app.isGlint());
    },
  });
  return {
    ...frame,
    leave: stop,
    /** @param {string} key */
    pressKey(key) {
      if (isLight) return;
      if (key === "s") tooSlow();
      else if (Object.hasOwn(SIDES, key)) tap(app, key);
      else frame.pressKey(key);
    },
  };
}

/**
 * These words and what a glint asks, between the keys of both: each on the own side, and
 * a place to tap where there is no keyboard.
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {HTMLElement} words
 */
function betweenKeys(app, state, words) {
  const [left, right] = Object.entries(SIDES).map(([key, partner]) => {
    const name = nameOf(state, partner);
    const label = fill(WORDS.breathe.tapKey, { name, key: key.toUpperCase() });
    return h(
      "button",
      {
        type: "button", class: "tap", "data-partner": partner, "aria-label": label,
        // A press counts when it begins; a click without a pointer is a keyboard's.
        onPointerdown: () => tap(app, key),
        onClick: (/** @type {MouseEvent} */ event) => event.detail === 0 && tap(app, key),
      },
      h("kbd", {}, key.toUpperCase()), h("span", {}, name),
    );
  });
  const asked = h("p", { class: "safe" }, WORDS.breathe.taps);
  const owner = ownerOf(state); // on a phone there is its owner's side alone
  return h(
    "div", { class: "taps" },
    owner !== "B" && left, h("div", {}, asked, words), owner !== "A" && right,
  );
}

/**
 * Answer a glint; nothing shows whether or when anybody did.
 * @param {import("../app.js").App} app
 * @param {string} key
 */
function tap(app, key) {
  const owner = ownerOf(app.state);
  const isHere = owner === null || owner === SIDES[key];
  if (!isHere || !app.state?.taps || app.state.asks) return;
  app.send("tap", { partner: SIDES[key], at_server_s: app.clock.known ? app.now_s() : null });
}

/**
 * Draw every frame until stopped. Returns the function that stops.
 * @param {import("../app.js").App} app
 * @param {HTMLCanvasElement} canvas
 * @param {{drawn?: () => void, depthOf?: () => number}} each frame: what else is drawn,
 *   and how much of its way the light goes, 0 to 1
 */
export function animate(app, canvas, { drawn = () => {}, depthOf = () => 1 }) {
  const orb = new Orb(canvas);
  const forced = matchMedia("(forced-colors: active)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const warmth = new Slow(NEUTRAL);
  const depth = new Slow(depthOf());
  const resized = () => orb.resize();
  let before_ms = performance.now();
  let request = 0;
  const draw = () => {
    const now_ms = performance.now();
    const passed_s = (now_ms - before_ms) / 1000;
    const fullness = 0.5 + (app.fullness() - 0.5) * depth.toward(depthOf(), passed_s);
    orb.draw({
      size: still.matches ? STILL_SIZE : fullness,
      light: fullness,
      warmth: warmth.toward(app.warmth ?? NEUTRAL, passed_s),
      bright: app.clock.known ? brightness(app.state?.block ?? null, app.now_s()) : 1,
    }, forced.matches ? getComputedStyle(canvas).color : "");
    drawn();
    before_ms = now_ms;
    request = requestAnimationFrame(draw);
  };
  addEventListener("resize", resized);
  draw();
  return () => {
    cancelAnimationFrame(request);
    removeEventListener("resize", resized);
  };
}

/** "breathe in", "breathe out": seen always, spoken where somebody asked for it. */
function turnWords() {
  const spans = {
    in: h("span", {}, WORDS.breathe.in),
    out: h("span", {}, WORDS.breathe.out),
  };
  const aloud = { in: WORDS.breathe.in, out: WORDS.breathe.out, still: "" };
  const spoken = /** @type {HTMLElement} */ (document.getElementById("spoken"));
  let shown = "still";
  return {
    element: h("p", { class: "turns", "aria-hidden": "true" }, spans.in, spans.out),
    /** @param {import("../phase.js").Turn} turn */
    update(turn) {
      if (turn === shown) return;
      shown = turn;
      spans.in.classList.toggle("now", turn === "in");
      spans.out.classList.toggle("now", turn === "out");
      if (wantsSpokenBreath()) say(spoken, aloud[turn]);
    },
  };
}
