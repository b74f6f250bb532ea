/** What one person wrote and how they were, shown back to them: to change or delete. */

import { dayOfYear } from "../days.js";
import { h, linkButton, mainButton, quietButton, say } from "../dom.js";
import { tooManyWords } from "../keeping.js";
import { fill, WORDS } from "../words.js";
import { confirmErase } from "./confirm.js";
import { howItWas } from "./how_it_was.js";
import { LOOSE_END, ownLooseEnds } from "./loose_ends.js";
import { ownWish } from "./own_wish.js";

const ALL = null;
/** @type {Record<string, string>} when on an evening it was said */
const BLOCKS = WORDS.own.blocks;
const SCALES = /** @type {("at_ease"|"wide_awake"|"awake"|"myself")[]} */ (
  ["at_ease", "wide_awake", "awake", "myself"]
);
const HAPPENED = /** @type {("yes"|"a-bit"|"not-today")[]} */ (["yes", "a-bit", "not-today"]);

/**
 * @param {import("../app.js").App} app
 * @param {"A"|"B"} partner
 * @param {string[] | null} sessions whose lines; those of all evenings where none is named
 * @returns {Promise<{element: HTMLElement, howItWas: HTMLElement, looseEnds: HTMLElement, wish: HTMLElement} | null>}
 *   nothing where they cannot be had now
 */
export async function ownLines(app, partner, sessions) {
  const answer = await app.ask("own-lines", { partner });
  if (!answer.isTaken || !answer.own) return null;
  const list = h("ul", { class: "list own-lines" });
  const told = h("p", { class: "needed", "aria-live": "polite" });
  let shown = sessions;
  /** @type {any} */
  let own = answer.own;
  const rated = h("div", {});
  const more = linkButton(WORDS.own.all, () => { shown = ALL; show(); });
  /**
   * @param {string} type
   * @param {Record<string, unknown>} fields
   */
  const ask = async (type, fields) => {
    const { isTaken, why, own: now } = await app.ask(type, { partner, ...fields });
    say(told, isTaken ? "" : whyWords(why));
    if (isTaken && now) {
      own = now;
      show();
    }
  };
  /** @param {any} line @param {HTMLElement} place */
  const change = (line, place) => {
    const text = /** @type {HTMLTextAreaElement} */ (
      h("textarea", { "aria-label": WORDS.own.change })
    );
    text.value = line.text;
    const save = () => {
      const words = text.value.trim();
      const tooMany = tooManyWords(words);
      say(told, tooMany || (words ? "" : WORDS.own.noWords));
      if (!tooMany && words) ask("change-own-line", { number: line.number, text: words });
    };
    place.replaceChildren(
      text,
      h(
        "div", { class: "buttons" },
        mainButton(WORDS.own.save, save),
        quietButton(WORDS.own.cancel, () => show()),
      ),
    );
    text.focus();
  };
  /** @param {any} line @param {HTMLElement} place */
  const remove = (line, place) => {
    const yes = linkButton(
      WORDS.own.deleteYes, () => ask("delete-own-line", { number: line.number }),
    );
    const no = linkButton(WORDS.own.keep, () => show());
    place.replaceChildren(h("span", {}, WORDS.own.deleteSure), yes, no);
    no.focus();
  };
  const loose = ownLooseEnds(app.state, partner, ask);
  const wish = ownWish(ask);
  const show = () => {
    const of = own.lines.filter((/** @type {any} */ line) =>
      line.block !== LOOSE_END && (shown === ALL || shown.includes(line.session_id)));
    loose.update(own.lines);
    wish.update(own);
    // Of one evening, how it was stands above, as a picture.
    const lines = of.filter((/** @type {any} */ line) =>
      !line.happened && (shown === ALL || line.text !== null || line.asked));
    rated.replaceChildren(...(shown === ALL ? [] : howItWas(of)));
    list.replaceChildren(...lines.map((/** @type {any} */ line, /** @type {number} */ at) => {
      const isSameDay = at > 0 && dayOf(line) === dayOf(lines[at - 1]);
      const item = lineOf(line, isSameDay, { change, remove });
      if (own.may_share && line.text !== null) item.append(brings(line));
      if (line.block === "question" && line.text !== null) item.append(happened(line));
      return item;
    }));
    if (lines.length === 0) {
      list.replaceChildren(
        h("li", {}, shown === ALL ? WORDS.own.noneYet : WORDS.own.none),
      );
    }
    more.hidden = shown === ALL || own.lines.length === lines.length;
    everything.hidden = shown !== ALL || own.lines.length + own.unread === 0;
  };
  /**
   * Whether a little of it did happen: nobody has to say.
   * @param {any} line what somebody had wished for
   */
  const happened = ({ session_id }) => {
    // It may have been said on the page after, and here once more: the last holds.
    const said = own.lines.filter((/** @type {any} */ line) =>
      line.happened && line.session_id === session_id).at(-1)?.happened;
    return h(
      "div", { class: "happened", role: "group", "aria-label": WORDS.own.happened },
      h("span", { class: "small" }, WORDS.own.happened),
      ...HAPPENED.map((each) => linkButton(
        WORDS.own.happenedWays[each],
        () => ask("say-happened", { session_id, happened: each }),
        { "aria-pressed": String(each === said) },
      )),
    );
  };
  /**
   * One's own line, brought to an hour by one press: a therapist reads it then.
   * @param {any} line
   */
  const brings = ({ number, brought }) => h(
    "p", { class: "small" },
    brought && h("span", {}, WORDS.own.isBrought), " ",
    linkButton(
      brought ? WORDS.own.leave : WORDS.own.bring,
      () => ask("bring-own-line", { number, brought: !brought }),
    ),
  );
  const everything = linkButton(WORDS.own.deleteAll, () => {
    confirmErase({
      title: WORDS.own.deleteAllTitle,
      lead: [WORDS.own.deleteAllLead],
      typed: false,
      yes: () => ask("delete-own-line", { number: null }),
    });
  });
  show();
  const element = h(
    "section", { class: "part" },
    h("h2", {}, WORDS.own.wrote),
    list, told,
    own.unread > 0 && h("p", { class: "needed" }, fill(WORDS.own.unread, { count: own.unread })),
    h("div", { class: "beneath links" }, more, everything),
  );
  return { element, howItWas: rated, looseEnds: loose.element, wish: wish.element };
}

/**
 * @param {any} line
 * @param {boolean} isSameDay as the one above, which says the day
 * @param {Record<"change"|"remove", (line: any, place: HTMLElement) => void>} ways
 */
function lineOf(line, isSameDay, ways) {
  const place = h("div", { class: "ways-of-line" });
  /** @type {HTMLElement} */
  const item = h(
    "li", { class: isSameDay ? "same-day" : null },
    !isSameDay && h("p", { class: "told-day" }, dayOf(line)),
    h("p", { class: "small when" }, BLOCKS[line.block] ?? ""),
    line.text === null ? ratingOf(line) : h("p", { class: "written" }, line.text),
    line.is_read && h("p", { class: "small" }, WORDS.own.isRead),
    place,
  );
  place.append(
    ...(line.text === null ? [] : [
      linkButton(WORDS.own.change, () => ways.change(line, item)),
    ]),
    linkButton(WORDS.own.delete, () => ways.remove(line, place)),
  );
  return item;
}

/** @param {any} line */
function dayOf(line) {
  return dayOfYear(line.when_utc) || line.when_utc;
}

/** @param {string | null} why */
function whyWords(why) {
  if (why === "enough-offered") return WORDS.loose.enough;
  if (why === "told-enough") return WORDS.own.broughtEnough;
  return why === "locked" ? WORDS.own.locked : WORDS.own.unkept;
}

/** @param {any} line */
function ratingOf(line) {
  if (line.asked && line.said_yes !== null) {
    const told = line.said_yes ? WORDS.own.saidYes : WORDS.own.saidNo;
    return h("p", { class: "written" }, fill(told, { what: line.asked }));
  }
  if (line.asked) {
    const words = { what: line.asked, value: line.answered };
    return h("p", { class: "written" }, fill(WORDS.own.answered, words));
  }
  return h(
    "p", { class: "written rated" },
    SCALES.filter((name) => line[name] !== null)
      .map((name) => h("span", {}, fill(WORDS.own.ratings[name], { value: line[name] }))),
  );
}
