/** Looking back: a page each, alone, and then what may be seen by both. */

import { h, mainButton, mark, quietButton, say, title } from "../dom.js";
import { oneSentence } from "../one_sentence.js";
import { fill, nameOf, WORDS } from "../words.js";
import { after } from "./after.js";
import { helpLink } from "./help.js";
import { partLink, partsOfHour } from "./hour_parts.js";
import { breathSentence } from "./minutes.js";
import { ourLines } from "./our_lines.js";
import { withOwnPages } from "./own_page.js";

const STOPPED = "finished early";

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function lookBack(app, state) {
  if (state.turn) return after(app, state);
  return state.ending === STOPPED ? stopped(app, state) : lastPage(app, state);
}

/**
 * Whoever stopped is asked nothing more, and shown nothing.
 * @param {import("../app.js").App} app
 * @param {any} state
 */
function stopped(app, state) {
  return {
    element: h(
      "div", { class: "day narrow alone" },
      title(WORDS.lookBack.stopped),
      !state.strapless && h("p", { class: "lead" }, WORDS.lookBack.stoppedLead),
      state.closing && h("p", { class: "closing" }, state.closing),
      h("div", { class: "buttons" }, quietButton(WORDS.lookBack.done, () => app.go("home"))),
      h("div", { class: "beneath" }, helpLink()),
    ),
  };
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
function lastPage(app, state) {
  const links = h("ul", { class: "list" });
  const breath = h("p", { class: "lead" });
  const hearts = h("div", { class: "hearts-sentence" });
  const read = h("div", { class: "read-aloud" });
  const note = h("p", { class: "small beneath" });
  const lines = ourLines(app, state, { without: state.read.map((/** @type {any} */ { text }) => text) });
  const shared = h(
    "div", { class: "day narrow looked-back" },
    title(state.with_therapist ? WORDS.lookBack.closedToday : WORDS.lookBack.closed),
    state.closing && h("p", { class: "closing" }, state.closing),
    breath, read, hearts, links, note, lines.element,
    h("div", { class: "buttons" }, mainButton(WORDS.lookBack.done, () => app.go("home"))),
    h("div", { class: "beneath" }, helpLink()),
  );
  const { element, doors, escape, leave } = withOwnPages(app, state, shared);
  /** @type {import("./hour_parts.js").HourPart[]} */
  let parts = [];
  /** @param {any} now */
  const show = (now) => {
    const { look } = now;
    const together = look?.page ? parts.filter(({ page }) => page !== null) : [];
    links.hidden = !look;
    say(breath, now.sat ? breathSentence(now.sat) : "");
    breath.hidden = !now.sat;
    // Of an hour no one sentence is true: each of its parts has a page of its own.
    if (!look?.page || parts.length > 0) hearts.replaceChildren(...together.length ? [partsTitle()] : []);
    else if (hearts.childElementCount === 0) hearts.append(...heartsWords(look.page));
    say(note, noteWords(now));
    note.hidden = note.textContent === "";
    read.replaceChildren(...readAloud(now));
    links.replaceChildren(
      ...jointLinks(look, together),
      ...(look ? doors(eveningOf(now, parts)) : []).map(ownDoor),
    );
  };
  let latest = state;
  const update = (/** @type {any} */ now) => {
    latest = now;
    show(now);
  };
  const known = async () => {
    parts = await partsOfHour(state, state.look.session_id);
    if (parts.length > 0) show(latest);
  };
  show(state);
  if (state.look) known();
  return { element, update, escape, leave };
}

function partsTitle() {
  return h("p", {}, WORDS.lookBack.openParts);
}

/**
 * Why nothing of both is shown; without straps there was nothing to show or to agree to.
 * @param {any} now
 */
function noteWords({ look, strapless }) {
  if (strapless || look?.page) return "";
  return look ? WORDS.lookBack.oursClosed : WORDS.lookBack.notSaved;
}

/**
 * One sentence on both hearts, and what it does not mean; the chart is behind it.
 * @param {string} path of the page of both
 */
function heartsWords(path) {
  return [
    oneSentence(path.replace(/page$/, "said-page")),
    h("p", { class: "small" }, WORDS.lookBack.truth),
  ];
}

/**
 * What they want to read to each other tonight.
 * @param {any} state
 */
function readAloud(state) {
  if (state.read.length === 0) return [];
  return [
    h("h2", {}, WORDS.lookBack.read),
    ...state.read.map((/** @type {any} */ { partner, text }) => h(
      "figure", { class: "our-line" },
      h("blockquote", {}, text),
      h(
        "figcaption", { class: "small" },
        mark(partner), fill(WORDS.lookBack.reads, { name: nameOf(state, partner) }),
      ),
    )),
  ];
}

/**
 * @param {any} state
 * @param {import("./hour_parts.js").HourPart[]} parts
 * @returns {import("./own_page.js").Evening}
 */
function eveningOf({ look, source }, parts) {
  return { id: look.session_id, isReal: source === "straps", parts };
}

/**
 * @param {any} look
 * @param {import("./hour_parts.js").HourPart[]} together the parts whose pages are opened
 */
function jointLinks(look, together) {
  if (!look?.page) return [];
  if (together.length === 0) return [jointLink(look.page)];
  return together.map((part) => partLink(part, part.page ?? "", mark("A"), mark("B")));
}

/** @param {string} path */
function jointLink(path) {
  return h(
    "li", {},
    h(
      "a", { class: "door", href: path, target: "_blank", rel: "noopener" },
      mark("A"), mark("B"), WORDS.lookBack.openOurs,
    ),
  );
}

/** @param {import("./own_page.js").Door} door */
function ownDoor({ partner, words, open }) {
  return h(
    "li", {},
    h("button", { type: "button", class: "door", onClick: open }, mark(partner), words),
  );
}
