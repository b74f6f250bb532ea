/** After a practice, one page each, alone: how it was, a line, and what to look at. */

import { h, linkButton, mainButton, quietButton, title } from "../dom.js";
import { asking, keeping, tooManyWords } from "../keeping.js";
import { fill, WORDS } from "../words.js";
import { aloneLine, handOver } from "./hand.js";
import { helpLink } from "./help.js";
import { partsOfHour } from "./hour_parts.js";
import { ownLookBack } from "./own_page.js";
import { behindPasscode, hasPasscode, lockAgain, passcodeSince } from "./passcode.js";
import { ratings, scalesOf } from "./ratings.js";

/** @typedef {import("../stage.js").Screen} Screen */
/** @typedef {"nothing"|"mine"|"ours"} Wish */

const WISHES = /** @type {Wish[]} */ (["nothing", "mine", "ours"]);
const HAPPENED = /** @type {("yes"|"a-bit"|"not-today")[]} */ (["yes", "a-bit", "not-today"]);
const QUIET = /** @type {("nothing"|"talk"|"moving"|"sound")[]} */ (["nothing", "talk", "moving", "sound"]);
const READ = /** @type {("me"|"both")[]} */ (["me", "both"]);

/** @type {"A"|"B"|null} who has just said that they are here */
let here = null;

/** @param {"A"|"B"} partner who says, before the last part ends, that they are here */
export function comesFirst(partner) {
  here = partner;
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function after(app, state) {
  const isHere = here === state.turn;
  here = null;
  return handOver(
    state, (replace) => afterPage(app, state, replace), () => {}, // Esc: it is still theirs
    linkButton(WORDS.after.leave, () => app.go("home")), { isHere },
  );
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {(page: Screen) => void} replace
 * @returns {Screen}
 */
function afterPage(app, state, replace) {
  const partner = state.turn;
  const isReal = state.source === "straps";
  const own = ratings();
  const hurts = stillHurts(state);
  const more = scalesOf(
    state.scales ?? [], ({ may_keep }) => (may_keep ? hurts.element : null),
  );
  const wished = happened(Boolean(state.look?.wished));
  const quiet = inQuiet(Boolean(state.look?.had_quiet));
  const text = /** @type {HTMLTextAreaElement} */ (h("textarea", { rows: 2 }));
  const read = choices(READ, WORDS.after.keep);
  const wish = choices(WISHES, WORDS.after.look);
  const keepPart = h(
    "fieldset", { class: "asked", hidden: true },
    h("legend", {}, WORDS.after.keepTitle), read.element,
    h("p", { class: "small" }, WORDS.after.keepHint),
  );
  text.addEventListener("input", () => { keepPart.hidden = text.value.trim() === ""; });
  const kept = keeping(
    app, () => [
      text.value.trim(), own.read(), more.read(), wished.value(), hurts.words(),
      wish.value(), read.value(), quiet.said(),
    ],
  );
  const said = () => {
    const words = text.value.trim();
    return [
      ...more.asked(partner),
      ...(hurts.words() ? [asking("words", { partner, text: hurts.words(), still_hurts: true })] : []),
      ...(wished.value() ? [asking("happened", { partner, happened: wished.value() })] : []),
      ...quiet.asked(partner),
      ...(words ? [asking("words", { partner, text: words })] : []),
      ...(words && read.value() === "both" ? [asking("read-aloud", { partner, text: words })] : []),
      asking("rating", { partner, moment: "after", ...own.read() }),
    ];
  };
  const look = () => asking("look", { partner, whose: wish.value() });
  // One's own page takes the own passcode, and so does a yes to both hearts.
  const seeOwn = () => replace(behindPasscode(app, state, replace, async (unlocked) => {
    const why = await kept.send(said());
    if (why !== null) return page;
    const { session_id: id } = state.look;
    const evening = { id, isReal, parts: await partsOfHour(state, id) };
    return ownLookBack(app, state, evening, unlocked, look());
  }, () => replace(page)));
  const done = () => {
    const long = [text, hurts.text].find(({ value }) => tooManyWords(value.trim()));
    kept.tell(long ? tooManyWords(long.value.trim()) : "");
    if (long) long.focus();
    else if (wish.value() !== "nothing" && isReal) seeOwn();
    else kept.send([...said(), look()]);
  };
  const element = h(
    "div", {},
    aloneLine(state),
    title(WORDS.after.title),
    h("p", { class: "lead" }, leadWords(app, state)),
    passcodeSince(app.state, partner),
    h(
      "div", { class: "both-asks" },
      h("div", {}, h("div", { class: "ratings" }, more.elements, own.elements), quiet.element),
      h(
        "div", {},
        wished.element,
        h("label", { class: "field own-words" }, h("span", {}, WORDS.after.line), text),
        keepPart,
        h(
          "fieldset", { class: "asked" },
          h("legend", {}, WORDS.after.lookTitle), wish.element,
        ),
      ),
    ),
    kept.element,
    h("div", { class: "buttons" }, mainButton(WORDS.question.done, done)),
    h("div", { class: "beneath" }, helpLink()),
  );
  const page = { ...kept, element, leave: () => lockAgain(app) };
  return page;
}

/**
 * To keep what came up among what still hurts, by one press; the words may be others.
 * @param {any} state
 */
function stillHurts(state) {
  const text = /** @type {HTMLTextAreaElement} */ (
    h("textarea", { rows: 2, "aria-label": WORDS.loose.ask })
  );
  text.value = fill(WORDS.after.keepHurtWords, { title: state.practice?.title ?? "" });
  const words = h(
    "div", { hidden: true }, text, h("p", { class: "small" }, WORDS.after.keepHurtHint),
  );
  const keep = quietButton(WORDS.after.keepHurt, () => {
    words.hidden = !words.hidden;
    keep.setAttribute("aria-pressed", String(!words.hidden));
  }, { "aria-pressed": "false" });
  const element = h("div", { class: "still-hurts" }, keep, words);
  // Who takes back the yes keeps nothing: then it stands there no more.
  const isKept = () => !words.hidden && !element.closest("[hidden]");
  return { element, text, words: () => (isKept() ? text.value.trim() : "") };
}

/**
 * Whether a little of what one wished for did happen; asked of both or of neither, and
 * nobody has to say.
 * @param {boolean} isAsked
 */
function happened(isAsked) {
  const answers = choices(HAPPENED, WORDS.own.happenedWays, { isOpen: true });
  const element = isAsked
    ? h("fieldset", { class: "asked" }, h("legend", {}, WORDS.own.happened), answers.element)
    : null;
  return { element, value: answers.value };
}

/**
 * What was in the quiet time; asked of both or of neither, and nobody has to say. Several
 * things may have been, or none of them: one press for each.
 * @param {boolean} isAsked
 */
function inQuiet(isAsked) {
  const inputs = QUIET.map((what) => /** @type {HTMLInputElement} */ (
    h("input", { type: "checkbox", name: "in-quiet", value: what })
  ));
  const [none, ...some] = inputs;
  for (const each of inputs) {
    each.addEventListener("change", () => {
      for (const other of each === none ? some : [none]) {
        if (each.checked) other.checked = false;
      }
    });
  }
  const element = isAsked
    ? h(
      "fieldset", { class: "asked" },
      h("legend", {}, WORDS.after.quietTitle),
      h("div", { class: "choices" }, QUIET.map((what, at) =>
        h("label", { class: "choice" }, inputs[at], h("span", {}, WORDS.after.quiet[what])))),
      h("p", { class: "small" }, WORDS.after.quietHint),
    )
    : null;
  const said = () => Object.fromEntries(QUIET.map((what, at) => [what, inputs[at].checked]));
  let wasSent = false;
  /** @param {"A"|"B"} partner */
  const asked = (partner) => {
    // Once sent, it is sent anew where nothing is said any more: it takes that one's place.
    wasSent = wasSent || inputs.some((each) => each.checked);
    return wasSent ? [asking("in-quiet", { partner, ...said() })] : [];
  };
  return { element, said, asked };
}

/**
 * What becomes of what stands here.
 * @param {import("../app.js").App} app
 * @param {any} state
 */
function leadWords(app, state) {
  if (state.source !== "straps") return WORDS.after.simulated;
  return hasPasscode(app.state, state.turn) ? WORDS.after.lead : WORDS.question.unkept;
}

/**
 * A few answers in a row, of which the first one holds until another is given; or none
 * does, where it is left open.
 * @template {string} Answer
 * @param {Answer[]} answers
 * @param {Record<Answer, string>} words
 * @param {{isOpen?: boolean}} how
 */
function choices(answers, words, { isOpen = false } = {}) {
  const name = `asked-${answers.join("-")}`;
  const inputs = answers.map((answer, at) => /** @type {HTMLInputElement} */ (
    h("input", { type: "radio", name, value: answer, checked: at === 0 && !isOpen })
  ));
  const element = h(
    "div", { class: isOpen ? "few" : "sides" },
    answers.map((answer, at) =>
      h("label", { class: "choice" }, inputs[at], h("span", {}, words[answer]))),
  );
  return {
    element,
    value: () => answers[inputs.findIndex((each) => each.checked)],
  };
}
