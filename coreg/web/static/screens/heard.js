/**
 * What each of the two told their therapist, for the therapist's own pages.
 *
 * It is folded and looks the same whether somebody told something or nobody did: who sits
 * beside a console sees that there is such a place, and nothing of what is in it.
 */

import { h, mark } from "../dom.js";
import { nearPicture } from "../near_picture.js";
import { fill, WORDS, wordsOf } from "../words.js";

/** @typedef {"A"|"B"} Partner */
/** @typedef {{partner: Partner, about: string, day: string, asked: string, value: number | null, text: string, fell: boolean}} Heard */

const WISH = "wish";
/** @type {Partner[]} */
const PARTNERS = ["A", "B"];

/** @param {Record<Partner, string>} names */
export function heardPart(names) {
  const parts = h("div", { class: "told" });
  const element = h(
    "details", { class: "heard" },
    h("summary", {}, WORDS.heard.title),
    h("p", { class: "small" }, WORDS.heard.lead),
    parts,
  );
  /** @param {Heard[]} heard as it came */
  const update = (heard) => {
    parts.replaceChildren(...PARTNERS.map((partner) => ofOne(
      partner, names[partner], heard.filter((one) => one.partner === partner),
    )));
  };
  update([]);
  return { element, update };
}

/**
 * @param {Partner} partner
 * @param {string} name
 * @param {Heard[]} heard
 */
function ofOne(partner, name, heard) {
  return h(
    "section", { "aria-label": name },
    h("p", { class: "who" }, mark(partner), name),
    heard.length === 0 && h("p", { class: "small" }, WORDS.heard.none),
    wishOf(heard.filter((one) => one.about === WISH)),
    occasions(heard.filter((one) => one.about !== WISH)).map((of) => h(
      "div", { class: "occasion" },
      h("p", { class: "small" }, fill(WORDS.heard.when, {
        day: of[0].day, what: wordsOf(WORDS.heard.about, of[0].about) ?? "",
      })),
      of.map(answerOf),
    )),
  );
}

/**
 * What somebody wishes for, how near it is, and whether that is to be talked about.
 * @param {Heard[]} wishes oldest first
 */
function wishOf(wishes) {
  const last = wishes.at(-1);
  if (!last) return null;
  const [day, value] = [last.day, last.value ?? 0];
  return h(
    "div", { class: "occasion" },
    h("p", { class: "small" }, WORDS.heard.wish),
    h("p", { class: "written" }, last.text),
    h("p", { class: "answered" }, fill(WORDS.heard.near, { day, value })),
    last.fell && h("p", { class: "needed" }, WORDS.heard.fell),
    nearPicture(wishes.map((one) => ({ day: one.day, value: one.value ?? 0 }))),
  );
}

/**
 * What was told on one day of one thing, the last occasion first.
 * @param {Heard[]} heard
 * @returns {Heard[][]}
 */
function occasions(heard) {
  /** @type {Map<string, Heard[]>} */
  const found = new Map();
  for (const one of heard) {
    const key = `${one.day}\n${one.about}`;
    found.set(key, [...(found.get(key) ?? []), one]);
  }
  return [...found.values()].reverse();
}

/** @param {Heard} one */
function answerOf({ asked, value, text }) {
  if (value !== null) {
    return h("p", { class: "answered" }, fill(WORDS.heard.value, { what: asked, value }));
  }
  return h(
    "div", {},
    asked && h("p", { class: "small" }, asked), h("p", { class: "written" }, text),
  );
}
