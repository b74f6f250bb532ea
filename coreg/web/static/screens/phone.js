/**
 * A phone of one of the two, while nothing is asked of that one; and any page, while
 * something is asked of somebody on another one.
 */

import { canTouch, setTouch, wantsTouch } from "../touch.js";
import { h, linkButton, mark, quietButton, say, tick, title } from "../dom.js";
import { contactWords } from "../heart_card.js";
import { canStayAwake } from "../wake.js";
import { fill, nameOf, WORDS } from "../words.js";
import { helpLink } from "./help.js";
import { heardChoice } from "./aloud.js";
import { withOwnPages } from "./own_page.js";

/**
 * Whose phone this is, or nobody's: the laptop of both, or a light.
 * @param {any} state
 * @returns {"A"|"B"|null}
 */
export const ownerOf = (state) => (["A", "B"].includes(state?.seat) ? state.seat : null);

/**
 * It waits with its light, and has what is its owner's own.
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function phone(app, state) {
  const owner = ownerOf(state);
  if (owner === null) throw new TypeError("this is nobody's own phone");
  const name = nameOf(state, owner);
  const touch = tick(WORDS.phone.touch, WORDS.phone.touchHint, {
    checked: wantsTouch(), onChange: () => setTouch(touch.box.checked),
  });
  const own = h("div", { class: "buttons" });
  const strap = state.screen === "home" ? ownStrap(owner) : null;
  const shared = h(
    "div", { class: "day narrow alone phone" },
    h("p", { class: "who" }, mark(owner)),
    title(fill(WORDS.phone.title, { name })),
    h("p", { class: "lead" }, WORDS.phone.lead),
    strap?.element,
    !canStayAwake() && h("p", {}, WORDS.phone.stayOn),
    h("div", { class: "ticks" }, canTouch() && touch.element),
    heardChoice(app),
    own,
    h("div", { class: "beneath" }, helpLink()),
  );
  const { element, doors, escape, leave } = withOwnPages(app, state, shared);
  const mine = doors(null).find(({ partner }) => partner === owner);
  if (mine && state.screen === "home") own.append(quietButton(WORDS.phone.own, mine.open));
  const update = (/** @type {any} */ now) => strap?.show(now.straps ?? []);
  update(state);
  return { element, escape, leave, update, hearts: strap?.show };
}

/**
 * How the owner's own strap sits, in words, before anything begins: in a waiting room,
 * say. No heart is shown, and nothing of the other one's.
 * @param {"A"|"B"} owner
 */
function ownStrap(owner) {
  const contact = h("p", { class: "contact searching", "aria-live": "polite" });
  const element = h(
    "section", { class: "own-strap", "aria-label": WORDS.phone.strap },
    h("h2", {}, WORDS.phone.strap), contact,
  );
  /** @param {any[]} straps */
  const show = (straps) => {
    const mine = straps.find(({ partner }) => partner === owner);
    say(contact, mine ? contactWords(mine) : WORDS.phone.noStrap);
    contact.className = `contact ${mine?.signal ?? "searching"}`;
  };
  return { element, show };
}

/**
 * Somebody is asked on a page of their own. On the laptop either may have it back there.
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function elsewhere(app, state) {
  const name = nameOf(state, state.turn);
  const isLaptop = state.seat === "both";
  const isOwn = state.turn === ownerOf(state); // and the laptop asks in its place
  const here = () => app.send("ask-here", { partner: state.turn });
  const words = isOwn ? WORDS.phone.onLaptop : WORDS.phone.elsewhere;
  return {
    pauses: Boolean(state.block) && !state.paused,
    element: h(
      "div", { class: "day narrow alone" },
      title(fill(words.title, { name })),
      h("p", { class: "lead" }, fill(words.lead, { name })),
      h(
        "div", { class: "beneath links" },
        isLaptop && linkButton(WORDS.phone.useLaptop, here),
        isOwn && linkButton(WORDS.phone.usePhone, here),
        Boolean(state.block) && linkButton(WORDS.practice.pause, () => app.pause()),
        helpLink(),
      ),
    ),
  };
}
