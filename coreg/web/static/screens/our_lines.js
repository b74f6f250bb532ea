/** Our lines: what they read to each other. Either removes any. */

import { oneAtATime } from "../one_at_a_time.js";
import { h, linkButton, mark, say } from "../dom.js";
import { understoodLines } from "../messages.js";
import { fetchKeyed } from "../page_key.js";
import { dayWords } from "../days.js";
import { fill, nameOf, WORDS } from "../words.js";

const SHOWN_FIRST = 3;

/** @typedef {{number: number, partner: "A"|"B", session_id: string, text: string, when_utc: string}} Line */

/** @returns {Promise<Line[]>} newest first; none where they cannot be had now */
export async function fetchLines() {
  try {
    const answer = await fetchKeyed("/lines");
    return answer.ok ? understoodLines(await answer.json()) : [];
  } catch {
    return [];
  }
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {{read?: (lines: Line[]) => void, without?: string[], isFolded?: boolean}} how
 *   `read` hears which there are; those `without` stand above already
 */
export function ourLines(app, state, { read = () => {}, without = [], isFolded = false }) {
  const list = h("div", {});
  const told = h("p", { class: "needed", "aria-live": "polite" });
  const more = linkButton(WORDS.ourLines.all, () => { isAll = true; show(); });
  const inside = [list, told, more];
  const element = isFolded
    ? h(
      "details", { class: "part our-lines", hidden: true },
      h("summary", {}, WORDS.ourLines.title), inside,
    )
    : h(
      "section", { class: "part our-lines", hidden: true },
      h("h2", {}, WORDS.ourLines.title), inside,
    );
  /** @type {Line[]} */
  let lines = [];
  let isAll = false;
  /** @param {Line} line */
  const remove = async ({ number }) => {
    const { isTaken } = await app.ask("remove-line", { number });
    say(told, isTaken ? "" : WORDS.ourLines.stays);
    if (isTaken) await again();
  };
  const show = () => {
    const all = lines.filter(({ text }) => !without.includes(text));
    const shown = isAll ? all : all.slice(0, SHOWN_FIRST);
    list.replaceChildren(...shown.map((line) => lineOf(state, line, () => remove(line))));
    more.hidden = all.length === shown.length;
    element.hidden = all.length === 0;
  };
  const again = oneAtATime(async () => {
    lines = await fetchLines();
    read(lines);
    show();
  });
  again();
  return { element, again };
}

/**
 * @param {any} state
 * @param {Line} line
 * @param {() => void} remove
 */
function lineOf(state, line, remove) {
  const day = dayWords(line.when_utc);
  const from = fill(WORDS.ourLines.from, { name: nameOf(state, line.partner), day });
  const beneath = h("figcaption", { class: "small" });
  const ask = () => {
    const yes = linkButton(WORDS.ourLines.removeYes, remove);
    const no = linkButton(WORDS.ourLines.keep, () => show().focus());
    beneath.replaceChildren(h("span", {}, WORDS.ourLines.removeSure), yes, no);
    no.focus();
  };
  const show = () => {
    const away = linkButton(WORDS.ourLines.remove, ask, {
      "aria-label": fill(WORDS.ourLines.removeLabel, { line: line.text }),
    });
    beneath.replaceChildren(mark(line.partner), h("span", {}, from), away);
    return away;
  };
  show();
  return h("figure", { class: "our-line" }, h("blockquote", {}, line.text), beneath);
}
