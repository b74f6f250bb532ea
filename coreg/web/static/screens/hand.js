/** Before a page for one person alone: hand the laptop over. */

import { h, linkButton, mainButton, mark, say, title } from "../dom.js";
import { fill, nameOf, WORDS } from "../words.js";
import { helpLink } from "./help.js";

/** @typedef {import("../stage.js").Screen} Screen */

const IDLE_MS = 10 * 60_000; // as long as the server keeps it unlocked, unused

/**
 * A screen that first asks for the right person, then shows that person's own page.
 * @param {any} state
 * @param {(replace: (page: Screen) => void) => Screen | Promise<Screen | null>} ownPage
 *   builds it; none where the server cannot be asked for what stands on it
 * @param {() => void} leave where Esc leads, at once; what stands there is let go
 * @param {Node | null} [back] a way out before anybody's own page
 * @param {{isHere?: boolean, front?: HTMLElement[]}} how whether the right person has just
 *   said that they are here, and what both read meanwhile instead of the usual
 * @returns {Screen}
 */
export function handOver(state, ownPage, leave, back = null, { isHere = false, front: read } = {}) {
  const name = nameOf(state, state.turn);
  const isOwnPhone = state.seat === state.turn; // nothing is handed to anybody
  const words = isOwnPhone ? WORDS.phone.hand : WORDS.hand;
  const element = h("div", { class: "day narrow" });
  /** @type {Screen | null} */
  let own = null;
  /** @type {Map<Screen, ChildNode[]>} */
  const shownBefore = new Map();
  const idle = idleWatch(element, () => {
    own?.letGo?.();
    leaveOwn();
    element.classList.add("alone");
    element.replaceChildren(...front);
  });
  let visit = 0; // what is answered after somebody left is not shown to the next one
  /** @param {number} mine @param {Screen} page */
  const show = (mine, page) => {
    if (mine !== visit) {
      page.leave?.();
      return;
    }
    own = page;
    let nodes = shownBefore.get(page);
    if (!nodes) {
      nodes = [...page.element.childNodes];
      shownBefore.set(page, nodes);
    }
    element.replaceChildren(...nodes); // a page that comes back is as it was left
    idle.watch(Boolean(page.leave));
    element.classList.remove("alone");
    window.scrollTo(0, 0);
    element.querySelector("h1")?.focus({ preventScroll: true });
  };
  const told = h("p", { class: "needed", "aria-live": "polite" });
  const open = async () => {
    const mine = visit;
    const page = await ownPage((next) => show(mine, next));
    if (page) show(mine, page);
    else say(told, WORDS.hand.later);
  };
  const leaveOwn = () => {
    visit += 1;
    idle.watch(false);
    own?.leave?.();
    own = null;
  };
  element.classList.add("alone");
  const front = [
    ...(read ?? [
      title(fill(words.title, { name })),
      h("p", { class: "lead" }, fill(words.lead, { name })),
    ]),
    h(
      "div", { class: "buttons" },
      mainButton(fill(WORDS.hand.ready, { name }), open), back,
    ),
    told,
    h("div", { class: "beneath" }, helpLink()),
  ];
  element.append(...front);
  if (isHere || (isOwnPhone && !read)) open();
  return {
    element,
    escape() {
      own?.letGo?.();
      leaveOwn();
      element.classList.add("alone");
      element.replaceChildren(...front); // at once, whoever answers or does not
      leave();
    },
    leave: leaveOwn,
    holds: () => own?.holds?.() ?? false,
    moved: () => own?.moved?.(),
    away: (known) => own?.away?.(known),
    update: (now) => own?.update?.(now),
  };
}

/**
 * To stop for a moment, for either: where one has the screen alone there may be no key.
 * @param {import("../app.js").App} app
 */
export function pauseLink(app) {
  return linkButton(WORDS.practice.pause, () => app.pause());
}

/**
 * Closes what is unlocked and left alone: whoever passes by must not read it.
 * @param {HTMLElement} element
 * @param {() => void} close
 */
function idleWatch(element, close) {
  let timer = 0;
  let isWatched = false;
  const again = () => {
    clearTimeout(timer);
    if (isWatched) timer = setTimeout(close, IDLE_MS);
  };
  for (const kind of ["pointerdown", "keydown", "input"]) {
    element.addEventListener(kind, again);
  }
  return {
    /** @param {boolean} on */
    watch(on) {
      isWatched = on;
      again();
    },
  };
}

/**
 * The line that says whose page this is.
 * @param {any} state
 */
export function aloneLine(state) {
  const name = nameOf(state, state.turn);
  return h(
    "p", { class: "who alone-line" },
    mark(state.turn), h("span", {}, fill(WORDS.consent.alone, { name })),
  );
}
