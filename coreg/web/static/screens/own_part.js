/**
 * A part that one has alone: to say how it is, to write, or to answer what comes next.
 *
 * Nobody is hurried. What stands there is kept for that one, under their passcode, and
 * shown to nobody; an answer that leads on is not kept at all.
 */

import { h, mainButton, quietButton, tick, title } from "../dom.js";
import { asking, keeping, tooManyWords } from "../keeping.js";
import { fill, nameOf, otherOf, WORDS } from "../words.js";
import { aloneLine, handOver, pauseLink } from "./hand.js";
import { helpLink } from "./help.js";
import { hasPasscode } from "./passcode.js";
import { scalesOf } from "./ratings.js";
import { roleLine } from "./turn.js";

/** @type {{partner: "A"|"B", number: number} | null} whose part it is that was just done */
let wrote = null;

/**
 * Both see what to do; then whose part it is answers alone.
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function step(app, state) {
  const block = state.block ?? {};
  const name = nameOf(state, state.turn);
  const lines = [
    [block.who, block.speaker], [otherOf(block.who), block.listener],
  ].filter(([, words]) => words);
  const own = () => ownPart(app, state, { writes: false });
  return handOver(state, own, () => app.pause(), pauseLink(app), {
    front: [
      title(block.words || block.name || WORDS.titles.step),
      h("div", { class: "roles" }, lines.map(([partner, words]) =>
        roleLine(state, partner, h("p", {}, words)))),
      h("p", { class: "small" }, fill(WORDS.turn.stepHint, { name })),
    ],
  });
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function write(app, state) {
  // Who has just written the part before this one is still there.
  const isHere = wrote?.partner === state.turn && wrote?.number === state.block?.number - 1;
  wrote = null;
  return handOver(
    state, () => ownPart(app, state, { writes: true }), () => app.pause(), pauseLink(app),
    { isHere },
  );
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function asked(app, state) {
  const own = () => ownPart(app, state, { writes: false });
  return handOver(state, own, () => app.pause(), pauseLink(app));
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {{writes: boolean}} how
 */
function ownPart(app, state, { writes }) {
  const partner = state.turn;
  const block = state.block ?? {};
  const isKept = state.source !== "straps" || hasPasscode(app.state, partner);
  const text = /** @type {HTMLTextAreaElement} */ (h("textarea", { rows: 4 }));
  const own = scalesOf(state.scales ?? []);
  const share = state.therapist_hears
    ? tick(
      WORDS.question.share,
      fill(WORDS.question.shareHint, { name: nameOf(state, otherOf(partner)) }),
    )
    : null;
  const kept = keeping(app, () => [text.value.trim(), own.read(), share?.box.checked]);
  /** @param {string} does */
  const done = (does) => {
    const words = text.value.trim();
    const tooMany = tooManyWords(words);
    kept.tell(tooMany);
    if (tooMany) {
      text.focus();
      return;
    }
    wrote = { partner, number: block.number };
    const shared = share?.box.checked ? { shared: true } : {};
    kept.send([
      ...own.asked(partner).map(([type, fields]) => asking(type, { ...fields, ...shared })),
      ...(words ? [asking("words", { partner, text: words, ...shared })] : []),
      asking("done", { partner, does }),
    ]);
  };
  const keeps = writes || own.elements.length > 0;
  const mine = share ? WORDS.question.mine : WORDS.question.private;
  const lead = isKept ? mine : WORDS.question.unkept;
  const choices = block.choices?.length
    ? h("div", { class: "buttons" }, block.choices.map((/** @type {any} */ choice) =>
        quietButton(choice.words, () => done(choice.does))))
    : h("div", { class: "buttons" }, mainButton(WORDS.question.done, () => done("next")));
  // Where there is more to answer than to write, the words belong to what is written.
  const asksMore = writes && own.elements.length > 0;
  const heading = asksMore ? block.name : block.speaker || block.words || block.name;
  const asksFor = asksMore && block.words ? block.words : WORDS.question.own;
  const element = h(
    "div", {},
    aloneLine(state),
    title(heading || WORDS.titles.asked),
    block.speaker && block.words && h("p", { class: "lead" }, block.words),
    keeps && h("p", { class: "lead" }, lead),
    ...own.elements,
    writes && h("label", { class: "field own-words" }, h("span", {}, asksFor), text),
    share?.element ?? null,
    kept.element,
    choices,
    h(
      "div", { class: "beneath links" },
      pauseLink(app), helpLink(),
    ),
  );
  return { ...kept, element };
}
