/** One person's own page of an evening, offered to that person alone. */

import { h, quietButton, title } from "../dom.js";
import { fill, nameOf, WORDS } from "../words.js";
import { choicesLink } from "./choices.js";
import { aloneLine, handOver } from "./hand.js";
import { helpLink } from "./help.js";

/** @typedef {"A"|"B"} Partner */
/** @typedef {{partner: Partner, name: string, words: string, open: () => void}} Door */
/** @type {Partner[]} */
const PARTNERS = ["A", "B"];

/**
 * A screen that stands aside while one of the two looks at the own page, and comes back.
 * What the list of doors looks like tells nobody what the other one chose.
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {HTMLElement} shared the screen for both
 */
export function withOwnPages(app, state, shared) {
  const element = h("div", {}, shared);
  /** @param {Partner} partner @param {string | null} path */
  const open = (partner, path) => {
    const alone = { ...state, turn: partner };
    const back = () => {
      element.replaceChildren(shared);
      shared.querySelector("h1")?.focus();
    };
    const screen = handOver(alone, () => page(app, alone, path, back), () => escape());
    element.replaceChildren(screen.element);
    screen.element.querySelector("h1")?.focus();
  };
  /** @param {{A: string | null, B: string | null} | null | undefined} own */
  const doors = (own) => PARTNERS.map((partner) => ({
    partner,
    name: nameOf(state, partner),
    words: fill(WORDS.lookBack.alone, { name: nameOf(state, partner) }),
    open: () => open(partner, own?.[partner] ?? null),
  }));
  const escape = () => {
    if (element.contains(shared)) return;
    element.replaceChildren(shared);
    app.go("home");
  };
  return { element, doors, escape };
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {string | null} path
 * @param {() => void} back
 */
function page(app, state, path, back) {
  const element = h(
    "div", {},
    aloneLine(state),
    title(path ? WORDS.lookBack.ownTitle : WORDS.lookBack.ownClosed),
    h("p", { class: "lead" }, path ? WORDS.lookBack.ownLead : WORDS.lookBack.nothingHint),
    h(
      "div", { class: "buttons" },
      path && h(
        "a", { class: "main", href: path, target: "_blank", rel: "noopener" },
        WORDS.lookBack.openMine,
      ),
      quietButton(WORDS.lookBack.back, back),
    ),
    h(
      "div", { class: "beneath" },
      helpLink(), !state.simulated && choicesLink(app, state, state.turn),
    ),
  );
  return { element };
}
