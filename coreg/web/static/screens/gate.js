/** Before a practice, each alone: is it all right today? The answer is not kept. */

import { h, mainButton, quietButton, title } from "../dom.js";
import { asking, keeping } from "../keeping.js";
import { WORDS } from "../words.js";
import { aloneLine, handOver } from "./hand.js";
import { helpLink } from "./help.js";

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function gate(app, state) {
  const leave = () => app.go("home");
  return handOver(
    state, () => ownPage(app, state), leave, quietButton(WORDS.gate.back, leave),
  );
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
function ownPage(app, state) {
  const kept = keeping(app, () => null);
  let isAnswered = false;
  /** @param {"yes"|"gentler"|"not-today"} given */
  const answer = (given) => async () => {
    if (isAnswered) return;
    isAnswered = true;
    await kept.send([asking("gate", { partner: state.turn, answer: given })]);
    isAnswered = kept.element.innerText === ""; // where it was refused, once more
  };
  const element = h(
    "div", {},
    aloneLine(state),
    title(WORDS.gate.title),
    h("p", { class: "lead" }, WORDS.gate.lead),
    kept.element,
    h(
      "div", { class: "buttons" },
      mainButton(WORDS.gate.yes, answer("yes")),
      quietButton(WORDS.gate.gentler, answer("gentler")),
      quietButton(WORDS.gate.notToday, answer("not-today")),
    ),
    h("p", { class: "small beneath" }, WORDS.gate.body),
    h("div", { class: "beneath" }, helpLink()),
  );
  return { ...kept, element };
}
