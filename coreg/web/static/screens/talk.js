/** The last part of a practice: say something to each other, or nothing; then a page each. */

import { h, linkButton, mainButton, title } from "../dom.js";
import { fill, nameOf, WORDS } from "../words.js";
import { comesFirst } from "./after.js";
import { helpLink } from "./help.js";

/** @typedef {"A"|"B"} Partner */

/** @type {Partner} who was asked last before it, and has the laptop beside them since */
const FIRST = "B";

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function talk(app, state) {
  const first = nameOf(state, FIRST);
  // Whoever comes first is asked on a phone, or this is somebody's: nobody sits down here.
  const isApart = state.seat !== "both" || state.phones?.includes(FIRST);
  const next = () => {
    if (!isApart) comesFirst(FIRST); // who says so here need not say it once more
    app.send("press", { press: "next" });
  };
  return {
    element: h(
      "div", { class: "day narrow alone" },
      title(state.block?.words || WORDS.talk.title),
      h("p", { class: "lead" }, isApart
        ? WORDS.talk.apart : fill(WORDS.talk.lead, { name: first, other: nameOf(state, "A") })),
      h("div", { class: "buttons" }, mainButton(
        isApart ? WORDS.turn.on : fill(WORDS.hand.ready, { name: first }), next,
      )),
      h(
        "div", { class: "beneath links" },
        linkButton(WORDS.practice.pause, () => app.pause()), helpLink(),
      ),
    ),
    pauses: true,
    /** @param {string} key */
    pressKey(key) {
      if (key === "n") next();
    },
  };
}
