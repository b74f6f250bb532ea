/** Earlier evenings as a story: by month and day, what they did, and a line they kept. */

import { h, linkButton, mark, title } from "../dom.js";
import { dayOfMonth, dayWords, monthWords } from "../days.js";
import { fetchEvenings } from "../earlier.js";
import { oneAtATime } from "../one_at_a_time.js";
import { fill, WORDS } from "../words.js";
import { confirmErase } from "./confirm.js";
import { helpLink } from "./help.js";
import { partWords } from "./hour_parts.js";
import { looseEndsBox } from "./loose_ends.js";
import { satSentence, storySentence } from "./minutes.js";
import { nav } from "./nav.js";
import { ourLines } from "./our_lines.js";
import { withOwnPages } from "./own_page.js";

const S_PER_MIN = 60;

/** @typedef {import("./our_lines.js").Line} Line */
/** @typedef {import("./own_page.js").Door} Door */

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function evenings(app, state) {
  const story = h("div", { class: "story" });
  const own = h("div", { class: "doors own-doors" });
  const told = h("p", { class: "lead", "aria-live": "polite" }, WORDS.evenings.loading);
  /** @type {any[] | null} */
  let all = null;
  /** @type {Line[]} */
  let lines = [];
  const ours = ourLines(app, state, { read: (all_lines) => { lines = all_lines; show(); }, isFolded: true });
  const loose = looseEndsBox(app, state, (partner, page) => visit(partner, page));
  const shared = h(
    "div", { class: "day" },
    nav(app, "evenings"),
    title(WORDS.evenings.title),
    own,
    told,
    story,
    ours.element,
    loose.element,
    h("div", { class: "beneath" }, helpLink()),
  );
  const { element, doors, visit, escape, leave } = withOwnPages(app, state, shared);
  if (!state.simulated) {
    own.append(
      h("span", {}, WORDS.own.wroteEvenings),
      ...doors(null).map((door) => ownDoor(door, WORDS.own.wroteEvenings, door.name)),
    );
  }
  own.hidden = state.simulated;
  const show = () => {
    if (all === null) return;
    told.textContent = all.length === 0 ? WORDS.evenings.none : "";
    told.hidden = all.length > 0;
    story.replaceChildren(...storyOf(all, (each) => eveningOf(app, each, doors, lines)));
  };
  const read = oneAtATime(async () => {
    all = await fetchEvenings();
    if (all === null) {
      told.textContent = WORDS.evenings.unreachable;
      told.hidden = false;
    }
    show();
  });
  read();
  return { element, update: (/** @type {any} */ now) => { read(); ours.again(); loose.update(now); }, escape, leave };
}

/** @param {any} listed @returns {import("./own_page.js").Evening} */
function ofEvening({ id, source }) {
  return { id, isReal: source === "straps" };
}

/**
 * One part for each month, and what nobody lived through apart from it.
 * @param {any[]} all newest first
 * @param {(evening: any) => HTMLElement} element
 */
function storyOf(all, element) {
  const lived = all.filter(({ source }) => source === "straps" || source === null);
  const others = all.filter((each) => !lived.includes(each));
  /** @type {Map<string, any[]>} */
  const months = new Map();
  for (const each of lived) {
    const month = monthWords(each.when_utc);
    months.set(month, [...(months.get(month) ?? []), each]);
  }
  const parts = [...months].map(([month, of]) => part(month || WORDS.evenings.unknown, of, element));
  if (others.length > 0) {
    parts.push(h(
      "details", { class: "part looked-around", open: lived.length === 0 },
      h("summary", {}, WORDS.evenings.others),
      h("ul", { class: "list" }, others.map(element)),
    ));
  }
  return parts;
}

/**
 * @param {string} heading
 * @param {any[]} of
 * @param {(evening: any) => HTMLElement} element
 */
function part(heading, of, element) {
  return h(
    "section", { class: "part" },
    h("h2", {}, heading), h("ul", { class: "list" }, of.map(element)),
  );
}

/**
 * @param {import("../app.js").App} app
 * @param {any} evening
 * @param {(evening: import("./own_page.js").Evening) => Door[]} doors
 * @param {Line[]} lines
 */
function eveningOf(app, evening, doors, lines) {
  const day = dayWords(evening.when_utc) || WORDS.evenings.noDay;
  const short = evening.source === "straps" ? dayOfMonth(evening.when_utc) || day : day;
  const ids = [evening.id, ...evening.parts.map((/** @type {any} */ part) => part.id)];
  const kept = lines.filter(({ session_id }) => ids.includes(session_id));
  return h(
    "li", { class: "told-evening" },
    h(
      "div", { class: "told" },
      h("p", { class: "told-day" }, short),
      h("p", {}, evening.words || whatWords(evening)),
      ...kept.map(({ partner, text }) => h(
        "blockquote", { class: "our-line" }, mark(partner), h("span", {}, text),
      )),
    ),
    evening.parts.length === 0
      ? waysTo(evening.page, evening.practice === null ? [] : doors(ofEvening(evening)), day)
      : partsOf(evening, doors, day),
    linkButton(WORDS.evenings.erase, () => askErase(app, evening, day), {
      class: "link told-away", "aria-label": fill(WORDS.evenings.eraseLabel, { when: day }),
    }),
  );
}

/**
 * The pages of an hour: each of its parts has its own.
 * @param {any} evening
 * @param {(evening: import("./own_page.js").Evening) => Door[]} doors
 * @param {string} day
 */
function partsOf({ parts, source }, doors, day) {
  return h("ul", { class: "told-parts" }, parts.map((/** @type {any} */ part, /** @type {number} */ i) => {
    const when = fill(WORDS.evenings.part, { number: i + 1, practice: part.practice, day });
    return h(
      "li", {},
      h("p", {}, partWords(part)),
      waysTo(part.page, doors(ofEvening({ id: part.id, source })), when),
    );
  }));
}

/**
 * @param {string | null} page of both
 * @param {Door[]} own
 * @param {string} when
 */
function waysTo(page, own, when) {
  return h(
    "div", { class: "doors told-ways" },
    page && h(
      "a", { class: "door small", href: page, target: "_blank", rel: "noopener", "aria-label": fill(WORDS.evenings.togetherOn, { day: when }) },
      mark("A"), mark("B"), WORDS.evenings.together,
    ),
    own.map((door) => ownDoor(door, when, door.words)),
  );
}

/** @param {any} evening */
function whatWords({ sat, length_s, practice }) {
  if (sat) return storySentence(sat);
  if (length_s === null) return practice ?? "";
  return satSentence(Math.round(length_s / S_PER_MIN));
}

/**
 * @param {Door} door
 * @param {string} when
 * @param {string} shown
 */
function ownDoor({ partner, words, open }, when, shown) {
  return h(
    "button",
    { type: "button", class: "door small", "aria-label": `${words}: ${when}`, onClick: open },
    mark(partner), shown,
  );
}

/**
 * @param {import("../app.js").App} app
 * @param {any} evening
 * @param {string} day
 */
function askErase(app, evening, day) {
  confirmErase({
    title: WORDS.evenings.eraseTitle,
    lead: [day, WORDS.evenings.eraseLead],
    typed: false,
    yes: () =>
      app.send("erase", { what: "session", session_id: evening.id, confirm: "erase" }),
  });
}
