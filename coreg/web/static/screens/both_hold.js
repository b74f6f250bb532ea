/**
 * Going on takes both at once: each holds their own button, here or on a page of their own.
 *
 * A finger, the mouse, Space or Enter on a button, or the keys F and J. While a button is
 * held the server hears so again and again; whoever lets go, or goes away, holds nothing.
 */

import { h, mark } from "../dom.js";
import { fill, nameOf, WORDS } from "../words.js";
import { ownerOf } from "./phone.js";

const AGAIN_MS = 700; // the server believes it for two seconds
/** @type {Record<string, "A"|"B">} */
const KEYS = { f: "A", j: "B" };

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function bothHold(app, state) {
  const pads = { A: pad(app, state, "A"), B: pad(app, state, "B") };
  const both = [pads.A, pads.B];
  const owner = ownerOf(state); // on a phone there is its owner's alone
  /** @param {KeyboardEvent} event */
  const down = (event) => {
    const partner = KEYS[event.key.toLowerCase()];
    const isHere = owner === null || partner === owner;
    if (partner && isHere && !event.repeat && !event.ctrlKey && !event.metaKey && !event.altKey) {
      pads[partner].hold();
    }
  };
  /** @param {KeyboardEvent} event */
  const up = (event) => {
    const partner = KEYS[event.key.toLowerCase()];
    if (partner) pads[partner].letGo();
  };
  const letGo = () => both.forEach((each) => each.letGo());
  addEventListener("keydown", down);
  addEventListener("keyup", up);
  addEventListener("blur", letGo);
  return {
    element: h(
      "div", { class: "pads" },
      owner !== "B" && pads.A.element, owner !== "A" && pads.B.element,
    ),
    leave() {
      letGo();
      removeEventListener("keydown", down);
      removeEventListener("keyup", up);
      removeEventListener("blur", letGo);
    },
  };
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {"A"|"B"} partner
 */
function pad(app, state, partner) {
  let again = 0;
  const name = nameOf(state, partner);
  const key = partner === "A" ? "F" : "J";
  const tell = (/** @type {boolean} */ on) => app.send("hold", { partner, on });
  const hold = () => {
    if (again) return;
    tell(true);
    again = window.setInterval(() => tell(true), AGAIN_MS);
    element.classList.add("held");
    element.setAttribute("aria-pressed", "true");
  };
  const letGo = () => {
    if (!again) return;
    clearInterval(again);
    again = 0;
    tell(false);
    element.classList.remove("held");
    element.setAttribute("aria-pressed", "false");
  };
  const isPress = (/** @type {KeyboardEvent} */ event) => [" ", "Enter"].includes(event.key);
  const element = h(
    "button",
    {
      type: "button", class: "pad", "aria-pressed": "false", "data-partner": partner,
      "aria-label": fill(WORDS.pause.holdLabel, { name, key }),
      onPointerdown: hold, onPointerup: letGo, onPointercancel: letGo, onPointerleave: letGo,
      onContextmenu: (/** @type {Event} */ event) => event.preventDefault(),
      onBlur: letGo,
      onKeydown: (/** @type {KeyboardEvent} */ event) => isPress(event) && !event.repeat && hold(),
      onKeyup: (/** @type {KeyboardEvent} */ event) => isPress(event) && letGo(),
    },
    mark(partner), h("span", {}, name), h("kbd", {}, key),
  );
  return { element, hold, letGo };
}
