/**
 * Loose ends: something that still hurts. Its words are one's own; the other learns, at
 * most, that there is something. No dates and no counts, and nothing is urgent.
 */

import { h, linkButton, mark, quietButton, say } from "../dom.js";
import { tooManyWords } from "../keeping.js";
import { fill, nameOf, otherOf, WORDS } from "../words.js";

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
  const told = h("p", { class: "needed", role: "status" });
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

/**
 * For both: that somebody has something, and what either says to it.
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function looseEndsBox(app, state) {
  const element = h("div", { class: "loose-ends" });
  /** @type {Set<number>} for which there is no room now: nobody else is told */
  const later = new Set();
  let shown = "";
  /** @param {any} now */
  const update = (now) => {
    const ends = (now.loose_ends ?? []).filter((/** @type {any} */ end) => !later.has(end.number));
    const key = JSON.stringify([ends, now.couple]);
    if (key === shown) return;
    shown = key;
    element.hidden = ends.length === 0;
    element.replaceChildren(...ends.map((/** @type {any} */ end) =>
      looseEnd(app, now, end, () => {
        later.add(end.number);
        update(app.state);
      })));
  };
  update(state);
  return { element, update };
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {any} end
 * @param {() => void} notYet
 */
function looseEnd(app, state, end, notYet) {
  /** @type {Partner} */
  const owner = end.partner;
  const name = nameOf(state, owner);
  const other = nameOf(state, otherOf(owner));
  const isOver = end.done.A && end.done.B;
  /** @param {Record<string, unknown>} said */
  const tell = (said) => app.send("loose-end", {
    number: end.number, has_room: null, partner: null, done: null, ...said,
  });
  const words = isOver ? WORDS.loose.over : end.has_room ? WORDS.loose.room : WORDS.loose.told;
  const ways = end.has_room
    ? PARTNERS.map((partner) => quietButton(
        fill(WORDS.loose.done, { name: nameOf(state, partner) }),
        () => tell({ partner, done: !end.done[partner] }),
        { "aria-pressed": String(Boolean(end.done[partner])) },
      ))
    : [
        quietButton(WORDS.loose.hasRoom, () => tell({ has_room: true })),
        linkButton(WORDS.loose.notYet, notYet),
      ];
  const again = linkButton(WORDS.loose.again, () => tell({ partner: owner, done: false }));
  return h(
    "section", { class: "unfinished loose-end" },
    h("p", {}, mark(owner), h("span", {}, fill(words, { name, other }))),
    h("div", { class: "buttons" }, isOver ? again : ways),
  );
}
