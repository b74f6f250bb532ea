/** An open hour at the console: which practice comes in it, and the ways on from there. */

import { h, quietButton, say } from "../dom.js";
import { fill, WORDS } from "../words.js";

/** @typedef {{name: string, length: string | null, words: string}} Offer */

/**
 * @param {import("../app.js").App} app
 */
export function hourCard(app) {
  const select = /** @type {HTMLSelectElement} */ (h("select", { id: "console-within" }));
  const refused = h("p", { class: "small", "aria-live": "polite" });
  /** @type {Offer[]} */
  let offers = [];
  /**
   * @param {"begin-within" | "hour-on"} asked
   * @param {any} how
   */
  const ask = async (asked, how) => {
    const answer = await app.ask(asked, how);
    say(refused, answer.isTaken ? "" : WORDS.clinic.refused);
  };
  const begin = () => {
    const offer = offers[select.selectedIndex];
    if (!offer) return;
    const { name: practice, length } = offer;
    ask("begin-within", { practice, length });
  };
  const choosing = h(
    "div", { class: "stack within" },
    h("label", { for: "console-within" }, WORDS.console.within), select,
    h("div", { class: "buttons" }, quietButton(WORDS.console.beginWithin, begin)),
    h("p", { class: "small" }, WORDS.console.withinHint),
  );
  const ways = h("div", { class: "buttons" });
  const element = h(
    "section", { class: "card", "aria-label": WORDS.console.hour }, choosing, ways, refused,
  );
  let offered = "";
  let open = "";
  /** @param {any} state */
  const update = (state) => {
    const hour = state.hour;
    element.hidden = !hour || !(hour.practices.length || hour.ways.length);
    if (!hour) return;
    offers = offersOf(state);
    choosing.hidden = offers.length === 0;
    const words = offers.map((offer) => offer.words);
    if (words.join("\n") !== offered) {
      offered = words.join("\n");
      select.replaceChildren(...words.map((each) => h("option", {}, each)));
    }
    if (hour.ways.join() === open) return;
    open = hour.ways.join();
    say(refused, "");
    ways.replaceChildren(...hour.ways.map((/** @type {"talk"|"rest"|"end"} */ to) =>
      quietButton(WORDS.console.ways[to], () => ask("hour-on", { to })),
    ));
  };
  return { element, update };
}

/**
 * Each practice that may begin in the hour, at each length that it may have.
 * @param {any} state
 * @returns {Offer[]}
 */
function offersOf(state) {
  return (state.choices ?? [])
    .filter((/** @type {any} */ each) => state.hour.practices.includes(each.name))
    .flatMap((/** @type {any} */ { name, title, minutes, lengths }) => {
      const all = Object.entries(lengths ?? {});
      const own = all.length > 0 ? all : [[null, minutes]];
      return own.map(([length, n]) => ({
        name, length, words: fill(WORDS.console.option, { title, n: Math.round(n) }),
      }));
    });
}
