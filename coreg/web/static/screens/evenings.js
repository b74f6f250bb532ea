/** Earlier evenings: a list, newest first; each opens its page. */

import { h, linkButton, mark, title } from "../dom.js";
import { understoodEvenings } from "../messages.js";
import { fill, WORDS } from "../words.js";
import { confirmErase } from "./confirm.js";
import { nav } from "./nav.js";
import { withOwnPages } from "./own_page.js";

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function evenings(app, state) {
  const list = h("ul", { class: "list" });
  const told = h("p", { class: "lead", role: "status" }, WORDS.evenings.loading);
  const shared = h(
    "div", { class: "day" },
    nav(app, "evenings"),
    title(WORDS.evenings.title),
    told,
    list,
  );
  const { element, doors, escape } = withOwnPages(app, state, shared);
  const read = () =>
    fetchEvenings(list, told, (one) => eveningLine(app, one, doors(one.own)));
  read();
  return { element, update: read, escape };
}

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} told
 * @param {(evening: any) => HTMLElement} line
 */
async function fetchEvenings(list, told, line) {
  try {
    const answer = await fetch("/evenings");
    if (!answer.ok) throw new Error(String(answer.status));
    const all = understoodEvenings(await answer.json());
    list.replaceChildren(...all.map(line));
    told.textContent = all.length === 0 ? WORDS.evenings.none : "";
    told.hidden = all.length > 0;
    list.hidden = all.length === 0;
  } catch {
    told.textContent = WORDS.evenings.unreachable;
    told.hidden = false;
  }
}

/**
 * @param {import("../app.js").App} app
 * @param {any} evening
 * @param {import("./own_page.js").Door[]} doors
 */
function eveningLine(app, evening, doors) {
  const when = whenWords(evening);
  const about = evening.words || aboutWords(evening);
  const inside = [h("span", {}, when), h("span", { class: "small" }, about)];
  const erase = linkButton(WORDS.evenings.erase, () => askErase(app, evening), {
    "aria-label": fill(WORDS.evenings.eraseLabel, { when }),
  });
  return h(
    "li", {},
    evening.page
      ? h("a", { href: evening.page, target: "_blank", rel: "noopener" }, inside)
      : h("div", { class: "closed" }, inside),
    !evening.words
      && h("div", { class: "doors" }, doors.map((door) => ownDoor(door, when))),
    erase,
  );
}

/** @param {any} evening */
function aboutWords(evening) {
  const minutes = Math.round(evening.length_s / 60);
  return [
    evening.practice,
    evening.length_s !== null && (minutes < 1 ? WORDS.evenings.short : fill(WORDS.evenings.minutes, { minutes })),
    evening.simulated && WORDS.evenings.simulated,
  ].filter(Boolean).join(" · ");
}

/**
 * @param {import("./own_page.js").Door} door
 * @param {string} when
 */
function ownDoor({ partner, name, words, open }, when) {
  return h(
    "button",
    { type: "button", class: "door small", "aria-label": `${words}: ${when}`, onClick: open },
    mark(partner), name,
  );
}

/**
 * @param {import("../app.js").App} app
 * @param {any} evening
 */
function askErase(app, evening) {
  confirmErase({
    title: WORDS.evenings.eraseTitle,
    lead: [whenWords(evening), WORDS.evenings.eraseLead],
    typed: false,
    yes: () =>
      app.send("erase", { what: "session", session_id: evening.id, confirm: "erase" }),
  });
}

/** @param {any} evening one that says not when it was is called by its name */
function whenWords(evening) {
  const when = new Date(evening.when_utc ?? NaN);
  if (Number.isNaN(when.getTime())) return evening.when_utc || evening.id;
  return when.toLocaleString([], {
    weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit",
  });
}
