/** Before a practice: each alone, everything may be left out. */

import { h, linkButton, mainButton, tick, title } from "../dom.js";
import { asking, keeping, tooManyWords } from "../keeping.js";
import { WORDS } from "../words.js";
import { aloneLine, handOver, pauseLink } from "./hand.js";
import { helpLink } from "./help.js";
import { hasPasscode } from "./passcode.js";
import { ratings, UNRATED } from "./ratings.js";

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function question(app, state) {
  const ask = state.block?.words || WORDS.question.title;
  return handOver(state, () => ownPage(app, state, ask), () => app.pause(), pauseLink(app));
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {string} ask
 */
function ownPage(app, state, ask) {
  const partner = state.turn;
  const isKept = state.source !== "straps" || hasPasscode(app.state, partner);
  const text = /** @type {HTMLTextAreaElement} */ (h("textarea"));
  const own = ratings();
  const aside = tick(WORDS.question.aside, WORDS.question.asideHint);
  const kept = keeping(app, () => [text.value.trim(), own.read(), aside.box.checked]);
  const done = () => {
    const words = text.value.trim();
    const tooMany = tooManyWords(words);
    kept.tell(tooMany);
    if (tooMany) text.focus();
    else kept.send([
      ...(aside.box.checked ? [asking("aside", { partner })] : []),
      ...(words ? [asking("words", { partner, text: words })] : []),
      asking("rating", { partner, moment: "before", ...own.read() }),
    ]);
  };
  const skip = () => kept.send([
    asking("rating", { partner, moment: "before", ...UNRATED }),
  ]);
  const element = h(
    "div", {},
    aloneLine(state),
    title(ask),
    h("p", { class: "lead" }, isKept ? WORDS.question.private : WORDS.question.unkept),
    h(
      "label", { class: "field own-words" },
      h("span", {}, WORDS.question.own), text,
    ),
    ...own.elements,
    h("div", { class: "aside" }, aside.element),
    kept.element,
    h(
      "div", { class: "buttons" },
      mainButton(WORDS.question.done, done),
      linkButton(WORDS.question.skip, skip),
    ),
    wayOut(app),
  );
  return { ...kept, element };
}

/**
 * To stop for a moment, and to help, where there is no key to press.
 * @param {import("../app.js").App} app
 */
function wayOut(app) {
  return h(
    "div", { class: "beneath links" },
    pauseLink(app), helpLink(),
  );
}
