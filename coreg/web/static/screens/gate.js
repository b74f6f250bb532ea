/**
 * Before a practice, one page each: is it all right today, and how are you?
 *
 * It comes at once, without a page that hands over: nothing stands on it that is anybody's
 * own. The second one's answer begins, so the laptop goes from one to the other and then
 * stands between both.
 */

import { h, linkButton, mark, quietButton, tick, title } from "../dom.js";
import { asking, keeping, tooManyWords } from "../keeping.js";
import { fill, nameOf, otherOf, WORDS } from "../words.js";
import { handOver } from "./hand.js";
import { helpLink } from "./help.js";
import { todays } from "./home.js";
import { choosePage, hasPasscode, lockAgain, passcodeSince } from "./passcode.js";
import { ratings, scalesOf } from "./ratings.js";

/** A second click of the one before must not be the answer of the next one. */
const HANDED_MS = 600;

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function gate(app, state) {
  const leave = () => app.go("home");
  if (hasPasscode(app.state, state.turn)) return ownPage(app, state, leave);
  // Of an evening before there were passcodes: without one nothing private is kept.
  return handOver(
    state,
    (replace) => {
      const page = () => ownPage(app, state, leave);
      const chosen = () => {
        lockAgain(app);
        return page();
      };
      const later = linkButton(WORDS.passcode.later, () => replace(page()));
      return choosePage(app, state, replace, chosen, later);
    },
    leave,
    quietButton(WORDS.gate.back, leave),
  );
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {() => void} leave
 */
function ownPage(app, state, leave) {
  const partner = state.turn;
  const asks = state.practice?.asks ?? "";
  const text = /** @type {HTMLInputElement} */ (
    h("input", { type: "text", autocomplete: "off" })
  );
  const own = ratings();
  const more = scalesOf(state.scales ?? []);
  // Which of these it was is not sent: two of them make of a yes something gentler, and
  // what makes a day unlike others leaves it out of what is compared over weeks.
  const drunk = tick(WORDS.gate.alcohol);
  const row = tick(WORDS.gate.row);
  const unlike = tick(WORDS.gate.unlike);
  const ticks = [drunk, row, unlike];
  const different = foldedWhereNarrow(
    WORDS.gate.different, ticks.map((each) => each.element),
    h("p", { class: "small" }, WORDS.gate.ticked),
  );
  const told = toTherapist(state);
  const kept = keeping(app, () => [
    told?.text.value.trim(), text.value.trim(), own.read(), more.read(), ticks.map(({ box }) => box.checked),
  ]);
  const yes = () => (drunk.box.checked || row.box.checked ? "gentler" : "yes");
  /** @param {"yes"|"gentler"|"not-today"} given */
  const answer = (given) => {
    const words = text.value.trim();
    const toldWords = told?.text.value.trim() ?? "";
    const tooMany = tooManyWords(words) || tooManyWords(toldWords);
    kept.tell(tooMany);
    const missing = given === "yes" ? more.missing() : "";
    if (missing) kept.tell(fill(WORDS.gate.missing, { asked: missing }));
    else if (tooMany) (tooManyWords(words) ? text : told?.text ?? text).focus();
    else kept.send([
      ...(toldWords ? [asking("tell-before", { partner, text: toldWords })] : []),
      ...more.asked(partner),
      asking("gate", {
        partner, answer: given, text: words || null,
        aside: drunk.box.checked || unlike.box.checked, ...own.read(),
      }),
    ]);
  };
  const buttons = [ // none weighs more
    quietButton(WORDS.gate.yes, () => answer(yes()), { disabled: true }),
    quietButton(WORDS.gate.gentler, () => answer("gentler"), { disabled: true }),
    quietButton(WORDS.gate.notToday, () => answer("not-today"), { disabled: true }),
  ];
  const handed = setTimeout(
    () => buttons.forEach((each) => each.removeAttribute("disabled")), HANDED_MS,
  );
  const element = h(
    "div", { class: "day narrow gate" },
    aloneLines(state),
    title(WORDS.gate.title),
    practiceLines(state),
    h("p", { class: "lead" }, WORDS.gate.lead),
    more.elements.length > 0 && h(
      "section", { class: "how-i-am" }, h("div", { class: "ratings" }, more.elements),
      h("p", { class: "small" }, privateWords(app, state)),
    ),
    told?.element ?? null,
    h(
      "div", { class: asks === "" ? "asks" : "asks both-asks" },
      asks !== "" && h(
        "section", { class: "how-i-am" },
        h("label", { class: "field" }, h("span", {}, asks), text),
        h("p", { class: "small" }, privateWords(app, state)),
        passcodeSince(app.state, state.turn),
        h("div", { class: "ratings" }, own.elements),
      ),
      h(
        "section", { class: "today" },
        different.element,
        h("p", { class: "small" }, WORDS.gate.body),
      ),
    ),
    kept.element,
    h("div", { class: "buttons" }, buttons),
    h(
      "div", { class: "beneath links" },
      linkButton(WORDS.gate.back, () => { kept.letGo(); leave(); }), helpLink(),
    ),
  );
  return {
    ...kept,
    element,
    escape: () => { kept.letGo(); leave(); },
    leave() {
      clearTimeout(handed);
      different.leave();
    },
  };
}

/**
 * What it is that may be all right or not, and when to leave it: whoever did not choose
 * it reads that here alone.
 * @param {any} state
 */
function practiceLines({ practice, first, couple, with_therapist }) {
  if (!practice?.title) return null;
  const { title: name, minutes, begins, has_turns, not_when, at_first } = practice;
  const n = Math.round(minutes);
  const whose = begins === "asked" && has_turns
    ? fill(WORDS.gate.whose, { name: nameOf({ couple }, first) }) : "";
  return h(
    "div", { class: "what small" },
    h("p", {}, fill(todays(with_therapist), { title: name, n })),
    whose && h("p", {}, whose),
    at_first && h("p", {}, at_first),
    not_when && h("p", {}, not_when),
  );
}

/**
 * What the therapist asks before they start, where one is there who can be told: said
 * with who reads it, before anything is written.
 * @param {any} state
 */
function toTherapist(state) {
  if (!state.therapist_hears) return null;
  const text = /** @type {HTMLTextAreaElement} */ (
    h("textarea", { rows: 2, "aria-describedby": "tell-hint" })
  );
  const name = nameOf(state, otherOf(state.turn));
  const element = h(
    "section", { class: "how-i-am" },
    h("label", { class: "field" }, h("span", {}, WORDS.gate.tell), text),
    h("p", { class: "small", id: "tell-hint" }, fill(WORDS.gate.tellHint, { name })),
  );
  return { element, text };
}

/**
 * What is folded on a phone and stands open where there is room; ticks count either way.
 * @param {string} words
 * @param {...(Node | Node[])} inside
 */
function foldedWhereNarrow(words, ...inside) {
  const roomy = matchMedia("(min-width: 641px)");
  /** @param {Event} event */
  const folds = (event) => { if (roomy.matches) event.preventDefault(); };
  const summary = h("summary", { onClick: folds }, words);
  const element = h(
    "details", { class: "unlike" }, summary, h("div", { class: "ticks" }, ...inside),
  );
  // Where there is room nothing folds it, so nothing may stay folded.
  const unfold = () => {
    element.toggleAttribute("open", roomy.matches);
    summary.tabIndex = roomy.matches ? -1 : 0;
  };
  unfold();
  roomy.addEventListener("change", unfold);
  return { element, leave: () => roomy.removeEventListener("change", unfold) };
}

/**
 * Whose page this is, and what the other one does meanwhile.
 * @param {any} state
 */
function aloneLines(state) {
  const isFirst = state.turn === "A";
  const other = nameOf(state, isFirst ? "B" : "A");
  return h(
    "header", { class: "just-for" },
    h(
      "p", { class: "who" },
      mark(state.turn), h("span", {}, fill(WORDS.gate.alone, { name: nameOf(state, state.turn) })),
    ),
    state.seat !== state.turn && h(
      "p", { class: "small" }, fill(isFirst ? WORDS.gate.away : WORDS.gate.over, { name: other }),
    ),
  );
}

/**
 * Who reads what is written here; nobody, where there is no passcode to keep it under.
 * @param {import("../app.js").App} app
 * @param {any} state
 */
function privateWords(app, state) {
  return hasPasscode(app.state, state.turn) ? WORDS.question.private : WORDS.question.unkept;
}
