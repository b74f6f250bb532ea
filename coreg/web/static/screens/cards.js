/** Cards to read, one at a time: over the page, and nothing of it is saved or sent. */

import { h, linkButton, quietButton, say } from "../dom.js";
import { fill, WORDS } from "../words.js";

/** @typedef {{title: string, lines: Record<string, string>}} Card */

/** @type {Record<string, number>} keys, and how far they turn */
const TURNS = { ArrowLeft: -1, ArrowRight: 1 };

/** A way to the cards, as quiet as it can be. */
export function cardsLink() {
  return linkButton(WORDS.cards.open, openCards);
}

function openCards() {
  /** @type {Card[]} */
  const cards = Object.values(WORDS.cards.each);
  let at = 0;
  const title = h("h2");
  const lines = h("div", { class: "lines" });
  const where = h("p", { class: "small", "aria-hidden": "true" });
  // It scrolls by itself where a card is long, and is reached by Tab for that.
  const card = h(
    "div", { class: "card", role: "group", tabindex: "0", "aria-live": "polite" }, title, lines,
  );
  const show = () => {
    const { title: named, lines: said } = /** @type {Card} */ (cards[at]);
    say(title, named);
    lines.replaceChildren(...Object.values(said).map((line) => h("p", {}, line)));
    say(where, fill(WORDS.cards.of, { n: at + 1, of: cards.length }));
    card.scrollTop = 0;
  };
  /** @param {number} by */
  const turn = (by) => {
    at = (at + by + cards.length) % cards.length;
    show();
  };
  const scrolled = scrollY; // what lies beneath is away meanwhile
  const close = () => {
    dialog.remove();
    scrollTo(0, scrolled);
  };
  const dialog = /** @type {HTMLDialogElement} */ (
    h(
      // As over the list of help, Esc takes what lies beneath away, too.
      "dialog", {
        class: "help cards", "aria-label": WORDS.cards.title, onClose: close,
        onKeydown: (/** @type {KeyboardEvent} */ event) => {
          const by = TURNS[event.key];
          if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
          event.preventDefault();
          turn(by);
        },
      },
      card,
      h(
        "div", { class: "foot" },
        h(
          "div", { class: "buttons" },
          quietButton("‹", () => turn(-1), { "aria-label": WORDS.cards.before }),
          where,
          quietButton("›", () => turn(1), { "aria-label": WORDS.cards.next, autofocus: true }),
        ),
        linkButton(WORDS.cards.back, () => dialog.close()),
      ),
    )
  );
  show();
  document.body.append(dialog);
  dialog.showModal();
}
