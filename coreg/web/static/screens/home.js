/** Home: whose heart is whose, what tonight, and one button that matters. */

import { h, linkButton, mainButton, quietButton, say, title } from "../dom.js";
import { contactWords, heartCard, strapWords } from "../heart_card.js";
import { jumpLine } from "../jump_line.js";
import { fill, nameOf, WORDS } from "../words.js";
import { choicesLinks } from "./choices.js";
import { helpLink } from "./help.js";
import { lengthChoice } from "./length.js";
import { nav } from "./nav.js";
import { choose, chosenName, paceChoice, side } from "./pace.js";

/** @typedef {"A"|"B"} Partner */

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function home(app, state) {
  const swap = linkButton(
    fill(WORDS.home.swap, { name: nameOf(state, "A") }), () => app.send("swap"),
  );
  const cards = {
    A: heartCard(state, "A", [swap]),
    B: heartCard(state, "B"),
  };
  const lead = h("p", { class: "lead" });
  const others = othersList(app, state);
  const telling = tellingApart(app);
  const tonight = tonightBox(app, state);
  const element = h(
    "div", { class: "day home" },
    nav(app, "home"),
    title(WORDS.home.title),
    lead,
    h("div", { class: "cards" }, cards.A.element, cards.B.element),
    telling.element,
    others.element,
    tonight.element,
    h(
      "div", { class: "foot" },
      h(
        "div", {},
        h("p", { class: "lead" }, WORDS.home.pauseAny),
        !state.simulated && h("p", { class: "small" }, WORDS.home.saved),
      ),
      mainButton(WORDS.home.go, () => app.go("fit")),
    ),
    h(
      "div", { class: "beneath" },
      otherSource(app, state), helpLink(), !state.simulated && choicesLinks(app, state),
    ),
  );
  let known = state;
  /** @param {any[]} straps */
  const hearts = (straps) => {
    /** @param {Partner} partner */
    const of = (partner) => straps.find((strap) => strap.partner === partner) ?? null;
    cards.A.update(of("A"));
    cards.B.update(of("B"));
    swap.hidden = !of("A") || !of("B");
    say(lead, leadWords(known, straps));
    others.update(straps.filter((strap) => strap.partner === null));
    telling.update(known, straps);
  };
  hearts(state.straps ?? []);
  /** @param {any} newer */
  const update = (newer) => {
    known = newer;
    tonight.update(newer);
  };
  return { element, hearts, update };
}

/**
 * What to do, by the hearts that arrive now: a strap that went home is still shown.
 * @param {any} state
 * @param {any[]} straps
 */
function leadWords(state, straps) {
  if (state.simulated) return WORDS.home.simulated;
  const here = straps.filter((strap) => strap.arrives);
  const areShown = straps.some((strap) => strap.jumps.length > 0);
  if (here.length === 0) return isRadioInTrouble(state) ? "" : WORDS.home.none;
  if (here.length === 1) return WORDS.home.one;
  const worn = here.filter((strap) => ["A", "B"].includes(strap.partner));
  if (worn.length < 2) return areShown ? WORDS.home.several : WORDS.home.severalStill;
  return areShown ? WORDS.home.both : WORDS.home.here;
}

/**
 * Lines that say which strap is tapped, for a minute at a time; nothing of a heart.
 * @param {import("../app.js").App} app
 */
function tellingApart(app) {
  const clear = quietButton(WORDS.home.clear, () => app.send("lines", { shown: false }));
  const again = linkButton(WORDS.home.lines, () => app.send("lines", { shown: true }));
  const element = h("p", { class: "telling" }, clear, again);
  /**
   * @param {any} state
   * @param {any[]} straps
   */
  const update = (state, straps) => {
    const areShown = straps.some((strap) => strap.jumps.length > 0);
    const isAsked = !state.simulated && straps.some((strap) => strap.arrives);
    clear.hidden = !areShown || straps.some((strap) => strap.partner === null);
    again.hidden = areShown || !isAsked;
  };
  return { element, update };
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

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
function tonightBox(app, state) {
  const heading = h("h2");
  const practices = state.choices?.length > 1 ? practiceSides(app, state) : null;
  const pace = paceChoice(app, state);
  const length = lengthChoice(app, state);
  /** @param {any} now */
  const update = (now) => {
    say(heading, now.practice?.title ?? "");
    length.update(now);
    practices?.update(now);
    pace.update(now);
  };
  update(state);
  const element = h(
    "section", { class: "tonight" },
    heading, length.element, practices && practices.element, pace.element,
  );
  return { element, update };
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
function practiceSides(app, state) {
  const sides = state.choices.map((/** @type {any} */ practice) => {
    const element = side("practice", practice.title, false, () =>
      // A practice that is nothing but its paces is chosen with the breath.
      choose(app, practice.name, !practice.own_pace && Boolean(app.state.without_breathing)),
    );
    const input = /** @type {HTMLInputElement} */ (element.querySelector("input"));
    return { name: practice.name, element, input };
  });
  const element = h(
    "div", { class: "sides", role: "radiogroup", "aria-label": WORDS.home.practices },
    sides.map((/** @type {any} */ one) => one.element),
  );
  /** @param {any} now */
  const update = (now) => {
    const chosen = chosenName(now);
    for (const { name, input } of sides) input.checked = name === chosen;
  };
  return { element, update };
}
