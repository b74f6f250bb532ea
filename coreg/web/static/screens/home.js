/** Home: one card. What there is tonight, both straps, and one button that matters. */

import { h, linkButton, mainButton, quietButton, say, title } from "../dom.js";
import { contactWords, heartLine, strapWords } from "../heart_card.js";
import { jumpLine } from "../jump_line.js";
import { fill, nameOf, WORDS } from "../words.js";
import { helpLink } from "./help.js";
import { nav } from "./nav.js";
import { somethingElse } from "./something_else.js";
import { looseEndsBox } from "./loose_ends.js";
import { withOwnPages } from "./own_page.js";
import { unfinishedBox } from "./unfinished.js";
import { spokenChoice } from "./welcome.js";

/** @typedef {"A"|"B"} Partner */

/** @type {Partner[]} */
const PARTNERS = ["A", "B"];

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function home(app, state) {
  const swap = linkButton(
    fill(WORDS.home.swap, { name: nameOf(state, "A") }), () => app.send("swap"),
  );
  const both = h("div", { class: "worn" });
  const lines = { A: heartLine(state, "A", [swap]), B: heartLine(state, "B") };
  const heading = title("");
  const lead = h("p", { class: "lead", "aria-live": "polite" });
  const others = othersList(app, state);
  const telling = tellingApart(app);
  const unfinished = unfinishedBox(app, state);
  const loose = looseEndsBox(app, state, (partner, page) => own.visit(partner, page));
  const other = somethingElse(app, state, telling.again);
  const begin = mainButton(WORDS.home.go, () => app.send("start"));
  const without = quietButton(
    WORDS.home.withoutStraps, () => app.send("start", { without_straps: true }),
  );
  const plan = planSheet();
  const withoutHint = h("p", { class: "small" }, WORDS.home.withoutHint);
  const shared = h(
    "div", { class: "day home" },
    nav(app, "home"),
    unfinished.element,
    h(
      "section", { class: "tonight" },
      heading,
      plan.element,
      both,
      lead,
      telling.element,
      others.element,
      h("div", { class: "buttons" }, begin, without, other.button),
      withoutHint,
      other.element,
      rightNow(app, state),
    ),
    loose.element,
    h(
      "div", { class: "plain small" },
      h("p", {}, WORDS.home.pauseAny),
      !state.simulated && h("p", {}, WORDS.home.saved),
    ),
    // Nobody who starts with a made-up couple has seen the page that asks for names.
    state.simulated && spokenChoice(),
    h("div", { class: "beneath" }, otherSource(app, state), helpLink()),
  );
  const own = withOwnPages(app, state, shared);
  both.append(lines.A.element, lines.B.element);
  let known = state;
  /** @type {any[]} the straps as they were heard of last */
  let heard = state.straps ?? [];
  /** @param {any[]} straps */
  const hearts = (straps) => {
    heard = straps;
    const worn = PARTNERS.map((each) => straps.find((strap) => strap.partner === each) ?? null);
    PARTNERS.forEach((each, i) => lines[each].update(worn[i]));
    swap.hidden = worn.includes(null);
    const arrive = worn.every((strap) => strap?.arrives);
    const needs = known.practice?.straps ?? "worn";
    both.hidden = needs === "none" && !known.simulated; // nobody is asked to wear any
    begin.toggleAttribute("disabled", needs !== "none" && !arrive);
    // Whoever has them on sits down with them: there is one way to begin, not two.
    without.hidden = needs !== "optional" || known.simulated || arrive;
    withoutHint.hidden = without.hidden;
    say(lead, leadWords(known, straps));
    others.update(straps.filter((strap) => strap.partner === null));
    telling.update(known, straps);
  };
  /** @param {any} newer */
  const update = (newer) => {
    known = newer;
    say(heading, tonightWords(newer));
    plan.update(newer);
    other.update(newer);
    unfinished.update(newer);
    loose.update(newer);
    hearts(heard);
  };
  update(state);
  return { element: own.element, hearts, update, escape: own.escape, leave: own.leave };
}

/**
 * For whoever hurts, one press away, whatever is chosen for tonight.
 * @param {import("../app.js").App} app
 * @param {any} state
 */
function rightNow(app, state) {
  const names = (state.choices ?? []).map((/** @type {any} */ { name }) => name);
  if (!names.includes("right-now")) return null;
  return h(
    "p", { class: "right-now small" },
    h("span", {}, WORDS.home.rightNow),
    PARTNERS.map((partner) => linkButton(
      fill(WORDS.home.rightNowFor, { name: nameOf(state, partner) }),
      () => app.send("start", { right_now: partner }),
    )),
    // Nobody presses first and reads afterwards when it had better been left.
    h("span", { class: "unless" }, WORDS.home.rightNowUnless),
  );
}

/** What a therapist and both agreed for home: to be read here, and changed elsewhere. */
function planSheet() {
  const what = h("p", {});
  const why = h("p", {});
  const locked = h("p", { class: "small" }, WORDS.home.planStays);
  const element = h(
    "section", { class: "home-plan", "aria-label": WORDS.home.plan },
    h("p", { class: "small" }, WORDS.home.plan), what, why, locked,
  );
  /** @param {any} state */
  const update = ({ home_plan: plan }) => {
    element.hidden = !plan;
    say(what, plan?.words ?? "");
    say(why, plan?.why ?? "");
  };
  return { element, update };
}

/**
 * What is to come is today's in a therapist's room, where it is hardly ever evening.
 * @param {boolean} with_therapist
 */
export const todays = (with_therapist) => (with_therapist ? WORDS.home.today : WORDS.home.tonight);

/** @param {any} state */
function tonightWords({ practice, with_therapist }) {
  const n = Math.round(practice?.minutes ?? 0);
  return practice?.title ? fill(todays(with_therapist), { title: practice.title, n }) : "";
}

/**
 * What to do, by the hearts that arrive now: a strap that went home is still shown. Where
 * both are known and sit well, nothing is left to say.
 * @param {any} state
 * @param {any[]} straps
 */
function leadWords(state, straps) {
  if (state.simulated) return WORDS.home.simulated;
  if (state.practice?.straps === "none") return WORDS.home.noStraps;
  const here = straps.filter((strap) => strap.arrives);
  const areShown = straps.some((strap) => strap.jumps.length > 0);
  if (here.length === 0) return isRadioInTrouble(state) ? "" : WORDS.home.none;
  if (here.length === 1) return WORDS.home.one;
  const worn = here.filter((strap) => PARTNERS.includes(strap.partner));
  if (worn.length < 2) return areShown ? WORDS.home.several : WORDS.home.severalStill;
  if (areShown) return WORDS.home.both;
  return worn.every((strap) => strap.signal === "good") ? "" : WORDS.home.snug;
}

/**
 * Lines that say which strap is tapped, for a minute at a time; nothing of a heart.
 * `again` asks for them, where somebody looks for something else.
 * @param {import("../app.js").App} app
 */
function tellingApart(app) {
  const clear = quietButton(WORDS.home.clear, () => app.send("lines", { shown: false }));
  const again = linkButton(WORDS.home.lines, () => app.send("lines", { shown: true }));
  const element = h("p", { class: "telling" }, clear);
  /**
   * @param {any} state
   * @param {any[]} straps
   */
  const update = (state, straps) => {
    const areShown = straps.some((strap) => strap.jumps.length > 0);
    const isAsked = !state.simulated && straps.some((strap) => strap.arrives);
    element.hidden = !areShown || straps.some((strap) => strap.partner === null);
    again.hidden = areShown || !isAsked;
  };
  return { element, again, update };
}

/**
 * Whether a notice says why no strap is heard, and what to do.
 * @param {any} state
 */
function isRadioInTrouble(state) {
  return state.notices.some((/** @type {any} */ notice) => notice.id === "radio");
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
function otherSource(app, state) {
  const [words, source] = state.simulated
    ? [WORDS.home.toStraps, "straps"]
    : [WORDS.home.toSimulated, "simulated"];
  return linkButton(words, () => app.send("source", { source }));
}

/**
 * Straps nearby that belong to neither yet.
 * @param {import("../app.js").App} app
 * @param {any} state
 */
function othersList(app, state) {
  const list = h("ul");
  const element = h("section", { class: "others" }, h("h2", {}, WORDS.home.others), list);
  /** @type {Map<string, {line: HTMLElement, update: (strap: any) => void}>} */
  const lines = new Map();
  /** @param {any[]} straps */
  const update = (straps) => {
    element.hidden = straps.length === 0;
    for (const [id, { line }] of lines) {
      if (!straps.some((strap) => strap.id === id)) {
        line.remove();
        lines.delete(id);
      }
    }
    for (const strap of straps) {
      const shown = lines.get(strap.id) ?? otherLine(app, state, strap);
      if (!lines.has(strap.id)) list.append(shown.line);
      lines.set(strap.id, shown);
      shown.update(strap);
    }
  };
  return { element, update };
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {any} strap
 */
function otherLine(app, state, strap) {
  const [jumps, draw] = jumpLine(
    "nobody-line", fill(WORDS.home.line, { name: strapWords(strap) }),
  );
  /** @param {Partner} partner */
  const give = (partner) =>
    linkButton(
      fill(WORDS.home.give, { name: nameOf(state, partner) }),
      () => app.send("assign", { strap_id: strap.id, partner }),
    );
  const name = h("span");
  const contact = h("span", { class: "small" });
  const line = h(
    "li", {},
    h("div", { class: "strap" }, name, contact), jumps,
    h("div", { class: "give" }, give("A"), give("B")),
  );
  /** @param {any} now */
  const update = (now) => {
    say(name, strapWords(now));
    say(contact, contactWords(now));
    draw(now.jumps);
  };
  return { line, update };
}
