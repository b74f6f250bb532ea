/**
 * Loose ends: something that still hurts. Its words are one's own; the other learns, at
 * most, that there is something. No dates and no counts, and nothing is urgent.
 */

import { h, linkButton, mark, quietButton, say, title } from "../dom.js";
import { tooManyWords } from "../keeping.js";
import { fill, nameOf, otherOf, WORDS } from "../words.js";
import { aloneLine } from "./hand.js";
import { helpLink } from "./help.js";
import { lockAgain } from "./passcode.js";

/** @typedef {"A"|"B"} Partner */
/** @typedef {(type: string, fields: Record<string, unknown>) => Promise<void>} Ask */

/** @type {Partner[]} */
const PARTNERS = ["A", "B"];
export const LOOSE_END = "loose-end";

/**
 * On one's own page: what still hurts, to keep, to offer, to take back or to delete.
 * @param {any} state
 * @param {Partner} partner
 * @param {Ask} ask
 */
export function ownLooseEnds(state, partner, ask) {
  const name = nameOf(state, otherOf(partner));
  const list = h("ul", { class: "list own-lines" });
  const told = h("p", { class: "needed", "aria-live": "polite" });
  const text = /** @type {HTMLTextAreaElement} */ (h("textarea", { rows: 2 }));
  const keep = async () => {
    const words = text.value.trim();
    const tooMany = tooManyWords(words);
    say(told, tooMany);
    if (tooMany || !words) return;
    await ask("write-loose-end", { text: words });
  };
  /** @param {any[]} lines */
  const update = (lines) => {
    const loose = lines.filter((line) => line.block === LOOSE_END);
    if (loose.some((line) => line.text === text.value.trim())) text.value = "";
    list.replaceChildren(...loose.map((line) => h(
      "li", {},
      h("p", { class: "written" }, line.text),
      line.offered && h("p", { class: "small" }, fill(WORDS.loose.offered, { name })),
      h(
        "div", { class: "ways-of-line" },
        linkButton(
          line.offered ? WORDS.loose.takeBack : fill(WORDS.loose.offer, { name }),
          () => ask("offer-loose-end", { number: line.number, offered: !line.offered }),
        ),
        deleteLink(line, ask),
      ),
    )));
  };
  const element = h(
    "section", { class: "part" },
    h("h2", {}, WORDS.loose.title),
    h("p", { class: "small" }, WORDS.loose.lead),
    list,
    h("label", { class: "field" }, h("span", {}, WORDS.loose.ask), text),
    told,
    h("div", { class: "buttons" }, quietButton(WORDS.loose.keep, keep)),
  );
  return { element, update };
}

/**
 * To delete it, once somebody is sure.
 * @param {any} line
 * @param {Ask} ask
 */
function deleteLink(line, ask) {
  const place = h("span", { class: "ways-of-line" });
  const offer = () => place.replaceChildren(linkButton(WORDS.own.delete, sure));
  const sure = () => {
    const no = linkButton(WORDS.own.keep, offer);
    const yes = () => ask("delete-own-line", { number: line.number });
    place.replaceChildren(
      h("span", {}, WORDS.own.deleteSure), linkButton(WORDS.own.deleteYes, yes), no,
    );
    no.focus();
  };
  offer();
  return place;
}

/** @typedef {import("../stage.js").Screen} Screen */
/**
 * Lets one of the two in, alone and with their own passcode; the page gets the way back.
 * @typedef {(partner: Partner, page: (their: any, back: () => void) => Screen) => void} Visit
 */

/**
 * For both: that somebody has something. What either says to it, they say alone. Of each
 * person one line comes, and what is over is one line for all: nothing is counted.
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {Visit} visit
 */
export function looseEndsBox(app, state, visit) {
  const element = h("div", { class: "loose-ends" });
  let shown = "";
  /** @param {any} now */
  const update = (now) => {
    const ends = now.loose_ends ?? [];
    const key = JSON.stringify([ends, now.couple]);
    if (key === shown) return;
    shown = key;
    element.hidden = ends.length === 0;
    const over = ends.filter((/** @type {any} */ end) => end.is_over);
    element.replaceChildren(
      ...ends.filter((/** @type {any} */ end) => !end.is_over)
        .map((/** @type {any} */ end) => looseEnd(app, now, end, visit)),
      ...(over.length > 0 ? [whatIsOver(app, now, over, visit)] : []),
    );
  };
  update(state);
  return { element, update };
}

/**
 * @param {any} state
 * @param {any} end
 */
function wordsOfEnd(state, end) {
  const words = end.is_over ? WORDS.loose.over : end.has_room ? WORDS.loose.room : WORDS.loose.told;
  return fill(words, {
    name: nameOf(state, end.partner), other: nameOf(state, otherOf(end.partner)),
  });
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {any} end
 * @param {Visit} visit
 */
function looseEnd(app, state, end, visit) {
  // Whether there is room says the other alone; that it is over, each for themselves.
  const whose = end.has_room ? PARTNERS : [otherOf(end.partner)];
  return h(
    "section", { class: "unfinished loose-end" },
    h("p", {}, mark(end.partner), h("span", {}, wordsOfEnd(state, end))),
    waysAlone(state, whose, visit, (their, back) => answerPage(app, their, end, back)),
  );
}

/**
 * That something is over, and not whose it was: that reads each alone.
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {any[]} ends
 * @param {Visit} visit
 */
function whatIsOver(app, state, ends, visit) {
  return h(
    "section", { class: "unfinished loose-end" },
    h("p", {}, h("span", {}, WORDS.loose.overForBoth)),
    waysAlone(state, PARTNERS, visit, (their, back) => overPage(app, their, ends, back)),
  );
}

/**
 * A button each for those who may say something, alone.
 * @param {any} state
 * @param {Partner[]} whose
 * @param {Visit} visit
 * @param {(their: any, back: () => void) => Screen} page
 */
function waysAlone(state, whose, visit, page) {
  return h("div", { class: "buttons" }, whose.map((partner) => quietButton(
    fill(WORDS.lookBack.alone, { name: nameOf(state, partner) }),
    () => visit(partner, page),
  )));
}

/**
 * What one says to it, alone. *Not yet* says nothing to anybody: it leads back, and what
 * both see stays as it was.
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {any} end
 * @param {() => void} back
 * @returns {Screen}
 */
function answerPage(app, state, end, back) {
  const { told, tell } = telling(app, state, back);
  const ways = end.has_room
    ? [
      quietButton(WORDS.loose.done, () => tell(end, { done: true })),
      quietButton(WORDS.loose.again, () => tell(end, { done: false })),
    ]
    : [quietButton(WORDS.loose.hasRoom, () => tell(end, { has_room: true }))];
  const leave = linkButton(end.has_room ? WORDS.lookBack.back : WORDS.loose.notYet, back);
  return pageAlone(app, state, wordsOfEnd(state, end), [
    told, h("div", { class: "buttons" }, ways, leave),
  ]);
}

/**
 * What is over, of either of the two, for one alone: each may be opened again.
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {any[]} ends
 * @param {() => void} back
 * @returns {Screen}
 */
function overPage(app, state, ends, back) {
  const { told, tell } = telling(app, state, back);
  const each = ends.map((end) => h(
    "div", { role: "group", "aria-label": wordsOfEnd(state, end) },
    h("p", {}, wordsOfEnd(state, end)),
    h("div", { class: "buttons" }, quietButton(WORDS.loose.again, () => tell(end, { done: false }))),
  ));
  return pageAlone(app, state, WORDS.loose.overForBoth, [
    ...each, told, h("div", { class: "buttons" }, linkButton(WORDS.lookBack.back, back)),
  ]);
}

/**
 * What tells the server what one says, and says where it could not be kept.
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {() => void} back
 */
function telling(app, state, back) {
  const told = h("p", { class: "needed", "aria-live": "polite" });
  /** @param {any} end @param {Record<string, unknown>} said */
  const tell = async (end, said) => {
    const { isTaken } = await app.ask("loose-end", {
      number: end.number, partner: state.turn, has_room: null, done: null, ...said,
    });
    if (isTaken) back();
    else say(told, WORDS.own.unkept);
  };
  return { told, tell };
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {string} heading
 * @param {HTMLElement[]} inside
 * @returns {Screen}
 */
function pageAlone(app, state, heading, inside) {
  const element = h(
    "div", {},
    aloneLine(state),
    title(heading),
    h("p", { class: "lead" }, WORDS.loose.answerLead),
    ...inside,
    h("div", { class: "beneath" }, helpLink()),
  );
  return { element, leave: () => lockAgain(app) };
}
