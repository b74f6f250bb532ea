/** Before and after a practice: each alone, everything may be left out. */

import { h, linkButton, mainButton, tick, title } from "../dom.js";
import { asking, keeping, tooManyWords } from "../keeping.js";
import { WORDS } from "../words.js";
import { aloneLine, handOver } from "./hand.js";
import { helpLink } from "./help.js";
import { ratings } from "./ratings.js";

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function question(app, state) {
  const ask = state.block?.words || WORDS.question.title;
  if (state.turn) {
    return handOver(state, () => ownPage(app, state, ask, "before"), () => app.pause());
  }
  return together(app, ask, WORDS.question.together, WORDS.question.arrive);
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function wordsAfter(app, state) {
  const ask = state.block?.words || WORDS.question.after;
  if (state.turn) {
    return handOver(state, () => ownPage(app, state, ask, "after"), () => app.pause());
  }
  return together(app, ask, WORDS.question.together, WORDS.question.finish);
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {string} ask
 * @param {"before"|"after"} moment
 */
function ownPage(app, state, ask, moment) {
  const partner = state.turn;
  const text = /** @type {HTMLTextAreaElement} */ (h("textarea"));
  const own = ratings();
  const aside = moment === "before" ? tick(WORDS.question.aside, WORDS.question.asideHint) : null;
  const kept = keeping(app, () => [text.value.trim(), own.read(), aside?.box.checked]);
  const done = () => {
    const words = text.value.trim();
    const tooMany = tooManyWords(words);
    kept.tell(tooMany);
    if (tooMany) text.focus();
    else kept.send([
      ...(aside?.box.checked ? [asking("aside", { partner })] : []),
      ...(words ? [asking("words", { partner, text: words })] : []),
      asking("rating", { partner, moment, ...own.read() }),
    ]);
  };
  const skip = () => kept.send([
    asking("rating", { partner, moment, at_ease: null, awake: null, myself: null }),
  ]);
  const element = h(
    "div", {},
    aloneLine(state),
    title(ask),
    h("p", { class: "lead" }, WORDS.question.private),
    h(
      "label", { class: "field own-words" },
      h("span", {}, WORDS.question.own), text,
    ),
    ...own.elements,
    aside && h("div", { class: "aside" }, aside.element),
    kept.element,
    h(
      "div", { class: "buttons" },
      mainButton(WORDS.question.done, done),
      linkButton(WORDS.question.skip, skip),
    ),
    h("div", { class: "beneath" }, helpLink()),
  );
  return { ...kept, element };
}

/**
 * @param {import("../app.js").App} app
 * @param {string} ask
 * @param {string} lead
 * @param {string} button
 */
function together(app, ask, lead, button) {
  const next = () => app.send("press", { press: "next" });
  return {
    element: h(
      "div", { class: "day narrow alone" },
      title(ask),
      h("p", { class: "lead" }, lead),
      h("div", { class: "buttons" }, mainButton(button, next)),
    ),
    escape: () => app.pause(),
    /** @param {string} key */
    pressKey(key) {
      if (key === "n") next();
    },
  };
}
