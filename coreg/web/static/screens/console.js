/**
 * A therapist's console: what goes on, both hearts, the therapist's own marks and notes.
 *
 * One page from before a practice until after it. What one of the two is asked alone is
 * asked on their page or phone; here it only says that somebody is asked.
 */

import { h, linkButton, mainButton, mark, quietButton, say, title } from "../dom.js";
import { HeartTraces } from "../heart_traces.js";
import { fetchKeyed } from "../page_key.js";
import { fill, nameOf, WORDS, wordsOf } from "../words.js";
import { contactWords } from "../heart_card.js";
import { hourCard } from "./console_hour.js";
import { heardPart } from "./heard.js";
import { helpLink } from "./help.js";
import { choose, chosenName } from "./pace.js";
import { phonesPart } from "./phones.js";
import { firstChoice } from "./something_else.js";

/** @typedef {"A"|"B"} Partner */

/** @type {Partner[]} */
const PARTNERS = ["A", "B"];
const DRAWN_EVERY_MS = 250;
/** Where the two are by themselves, and a console has nothing to do. */
const APART = ["welcome", "consent", "not-yet", "lock", "evenings", "settings"];
const PACE_PRESSES = /** @type {const} */ (["slower", "faster", "hold", "by itself"]);

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function consolePage(app, state) {
  const heading = title("");
  const now = h("p", { class: "now", "aria-live": "polite" });
  const hearts = heartsCard(state);
  const before = beforeCard(app, state);
  const told = heardPart({ A: nameOf(state, "A"), B: nameOf(state, "B") });
  const hour = hourCard(app);
  const phones = phonesCard(state);
  const inView = inViewCard();
  const notebook = notebookCard(app);
  const steering = steeringRow(app);
  const element = h(
    "div", { class: "day console" },
    h("header", {}, heading, h("div", { class: "row-beneath" }, h("div", { class: "windows" }, windows(), helpLink()), now)),
    h(
      "div", { class: "console-columns" },
      h("div", { class: "stack wide" }, told.element, before.element, hearts.element, hour.element, inView.element, phones.element),
      notebook.element,
    ),
    steering.element,
  );
  let drawing = 0;
  let wasSitting = Boolean(state.block);
  /** @param {any} newer */
  const update = (newer) => {
    const names = { a: nameOf(newer, "A"), b: nameOf(newer, "B") };
    say(heading, fill(WORDS.console.with, names));
    say(now, nowWords(newer));
    const isSitting = Boolean(newer.block);
    before.element.hidden = newer.screen !== "home";
    phones.element.hidden = before.element.hidden && !isSitting;
    if (isSitting && !wasSitting) phones.fold(); // codes and a fingerprint are in the way now
    wasSitting = isSitting;
    inView.update(newer);
    told.element.hidden = (newer.marks ?? []).length === 0; // no book, so nobody was asked
    hour.update(newer);
    hearts.element.hidden = !isSitting;
    before.update(newer);
    notebook.update(newer);
    steering.update(newer);
  };
  update(state);
  drawing = setInterval(() => hearts.draw(app.now_s()), DRAWN_EVERY_MS);
  return {
    element,
    update,
    hearts: before.hearts,
    watched: hearts.take,
    heard: told.update,
    leave: () => {
      clearInterval(drawing);
      phones.leave();
    },
    holds: notebook.holds,
    /** Whoever writes a note types spaces. */
    get pauses() {
      return Boolean(app.state?.block) && !app.state.paused && !notebook.isWriting();
    },
    escape: notebook.close,
    /** @param {string} key */
    pressKey(key) {
      if (key === "n") notebook.write();
      else notebook.mark(Number(key));
    },
  };
}

/**
 * What goes on, in one line.
 * @param {any} state
 */
function nowWords(state) {
  if (state.turn !== null) return fill(WORDS.console.asked, { name: nameOf(state, state.turn) });
  if (state.paused) return WORDS.console.paused;
  if (state.screen === "look-back") return WORDS.console.over;
  if (!state.block) return APART.includes(state.screen) ? WORDS.console.apart : "";
  const { number, count, name } = state.block;
  const part = fill(WORDS.console.part, { name, number: number + 1, count });
  const pacing = wordsOf(WORDS.console.pacing, state.pacing);
  return pacing ? fill(WORDS.console.partAndPace, { part, pacing }) : part;
}

/** @param {any} state */
function heartsCard(state) {
  const canvas = /** @type {HTMLCanvasElement} */ (
    h("canvas", { role: "img", "aria-label": WORDS.console.traces })
  );
  const traces = new HeartTraces(canvas);
  const lines = { A: heartWords(state, "A"), B: heartWords(state, "B") };
  return {
    element: h(
      "section", { class: "card hearts", "aria-label": WORDS.console.hearts },
      lines.A.element, canvas, lines.B.element,
      h("p", { class: "small" }, WORDS.console.minutes),
    ),
    /** @param {any} watched */
    take(watched) {
      traces.take(watched);
      for (const partner of PARTNERS) lines[partner].update(watched.hearts[partner]);
    },
    /** @param {number} now_s */
    draw: (now_s) => traces.draw(now_s),
  };
}

/**
 * One heart in words: its signal, and where it is against its own arrival.
 * @param {any} state
 * @param {Partner} partner
 */
function heartWords(state, partner) {
  const name = nameOf(state, partner);
  const [signal, level, swing] = [h("span"), h("span"), h("span")];
  return {
    element: h("p", { class: "heart-words" }, h("span", { class: "who" }, mark(partner), name), " ", signal, " ", level, " ", swing),
    /** @param {any} heart */
    update(heart) {
      if (!heart.is_seen) {
        say(signal, WORDS.console.unseen);
        for (const other of [level, swing]) say(other, "");
        return;
      }
      say(signal, wordsOf(WORDS.console.signal, heart.signal) ?? "");
      say(level, levelWords(heart.level_bpm));
      say(swing, heart.swing_bpm === null ? "" : fill(WORDS.console.swing, { n: Math.round(heart.swing_bpm) }));
    },
  };
}

/** @param {number | null} level_bpm */
function levelWords(level_bpm) {
  if (level_bpm === null) return "";
  const n = Math.round(Math.abs(level_bpm));
  if (n === 0) return WORDS.console.asArrived;
  return fill(level_bpm > 0 ? WORDS.console.above : WORDS.console.below, { n });
}

/**
 * Before a practice: which one, who is first, who wears which strap, and a way to begin.
 * @param {import("../app.js").App} app
 * @param {any} state
 */
function beforeCard(app, state) {
  const select = /** @type {HTMLSelectElement} */ (
    h(
      "select", { id: "console-practice", onChange: () => choose(app, select.value, false) },
      (state.choices ?? []).map((/** @type {any} */ practice) =>
        h("option", { value: practice.name }, fill(WORDS.console.option, {
          title: practice.title, n: Math.round(practice.minutes),
        })),
      ),
    )
  );
  const notWhen = h("p", { class: "small", "aria-live": "polite" });
  const worn = { A: h("span"), B: h("span") };
  const swap = linkButton(WORDS.console.swap, () => app.send("swap"));
  const first = firstChoice(app, state);
  const begin = mainButton(WORDS.console.begin, () => app.send("start"));
  const without = quietButton(
    WORDS.home.withoutStraps, () => app.send("start", { without_straps: true }),
  );
  const withoutHint = h("p", { class: "small" }, WORDS.home.withoutHint);
  /** @type {any} */
  let known = state;
  /** @param {any[]} straps */
  const hearts = (straps) => {
    const theirs = PARTNERS.map((each) => straps.find((strap) => strap.partner === each) ?? null);
    PARTNERS.forEach((each, i) => {
      const strap = theirs[i];
      say(worn[each], strap ? contactWords(strap) : WORDS.console.noStrap);
    });
    swap.hidden = theirs.includes(null);
    const needs = known.practice?.straps ?? "worn";
    const arrive = theirs.every((strap) => strap?.arrives);
    begin.toggleAttribute("disabled", needs !== "none" && !arrive);
    // As at home: whoever has straps on sits down with them.
    without.hidden = needs !== "optional" || known.simulated || arrive;
    withoutHint.hidden = without.hidden;
  };
  return {
    hearts,
    element: h(
      "section", { class: "card before", "aria-label": WORDS.console.before },
      h("label", { for: "console-practice" }, WORDS.console.practice), select, notWhen,
      first.element,
      PARTNERS.map((each) =>
        h("p", { class: "heart-words" }, h("span", { class: "who" }, mark(each), nameOf(state, each)), " ", worn[each]),
      ),
      swap,
      h("div", { class: "buttons" }, begin, without),
      withoutHint,
      h("p", { class: "small" }, WORDS.console.windowHint),
      state.marks?.length > 0 && linkButton(
        WORDS.clinic.leave, () => app.ask("leave-couple", {}),
      ),
    ),
    /** @param {any} newer */
    update(newer) {
      known = newer;
      select.value = chosenName(newer) ?? "";
      say(notWhen, newer.practice?.not_when ?? "");
      first.update(newer);
      hearts(newer.straps ?? []);
    },
  };
}

/**
 * What both agreed to, and when each was seen alone: open before a practice, then folded.
 * While two practise it stays as it was when they began.
 */
function inViewCard() {
  const list = h("ul", { class: "small in-view" });
  const element = /** @type {HTMLDetailsElement} */ (
    h("details", { class: "card agreed", open: true }, h("summary", {}, WORDS.console.inView), list)
  );
  let told = "";
  let wasSitting = false;
  return {
    element,
    /** @param {any} newer */
    update(newer) {
      const isSitting = Boolean(newer.block);
      if (isSitting !== wasSitting) element.open = !isSitting;
      wasSitting = isSitting;
      const lines = newer.for_therapist ?? [];
      element.hidden = lines.length === 0;
      if (lines.join("\n") === told) return;
      told = lines.join("\n");
      list.replaceChildren(...lines.map((/** @type {string} */ line) => h("li", {}, line)));
    },
  };
}

/**
 * Phones of the two: looked after while it is open, and only then.
 * @param {any} state
 */
function phonesCard(state) {
  const place = h("div");
  let leave = () => {};
  const element = /** @type {HTMLDetailsElement} */ (h(
    "details", {
      class: "card phones",
      onToggle: () => {
        leave();
        leave = () => {};
        if (!element.open) return;
        const part = phonesPart(state);
        leave = part.leave;
        place.replaceChildren(part.element);
      },
    },
    h("summary", {}, WORDS.console.phones), place,
  ));
  return { element, leave: () => leave(), fold: () => { element.open = false; } };
}

/** Buttons that open one more window of this computer. */
function windows() {
  /** @param {"both"|"light"} seat */
  const open = (seat) => async () => {
    const answer = await fetchKeyed(`/window/${seat}`, { method: "POST" });
    if (answer.ok) window.open(await answer.text(), "_blank", "noopener");
  };
  return [
    linkButton(WORDS.console.couplesWindow, open("both")),
    linkButton(WORDS.console.lightWindow, open("light")),
  ];
}

/**
 * The therapist's own marks and notes: they go to the own notebook, and to nobody else.
 * @param {import("../app.js").App} app
 */
function notebookCard(app) {
  const list = h("ul", { class: "marked" });
  const marks = h("div", { class: "marks" });
  const field = /** @type {HTMLTextAreaElement} */ (h("textarea", { id: "console-note", rows: 4 }));
  const status = h("p", { class: "small", "aria-live": "polite" });
  let began_ms = 0;
  field.addEventListener("input", () => { began_ms = began_ms || Date.now(); });
  // Whoever left an empty field begins anew.
  field.addEventListener("blur", () => { if (!field.value.trim()) began_ms = 0; });
  /**
   * @param {string} words
   * @param {number} [ago_s] what was kept is of then
   */
  const noted = (words, ago_s = 0) => {
    const at = timeOfDay(Date.now() - 1000 * ago_s);
    list.prepend(h("li", {}, h("span", { class: "small" }, at), h("span", {}, words)));
  };
  /** @param {number} key */
  const markNow = async (key) => {
    const label = app.state?.marks?.[key - 1];
    if (!label || !app.state.block) return;
    const answer = await app.ask("mark", { key });
    say(status, answer.isTaken ? "" : WORDS.console.notKept);
    if (answer.isTaken) noted(label);
  };
  const keep = async () => {
    const text = field.value.trim();
    if (!text) return;
    const ago_s = began_ms ? Math.round((Date.now() - began_ms) / 1000) : 0;
    const answer = await app.ask("note", { text, ago_s });
    say(status, answer.isTaken ? "" : WORDS.console.notKept);
    if (!answer.isTaken) return;
    noted(text, ago_s);
    field.value = "";
    began_ms = 0;
  };
  const close = () => field.blur();
  const element = h(
    "section", { class: "card notebook", "aria-label": WORDS.console.notebook },
    h("h2", {}, WORDS.console.marks), marks,
    h("label", { for: "console-note" }, WORDS.console.note), field,
    h("div", { class: "buttons" }, quietButton(WORDS.console.keepNote, keep)),
    status, h("div", { role: "log", "aria-label": WORDS.console.marks }, list),
    h("p", { class: "small" }, WORDS.console.onlyYou),
  );
  let shown = "";
  return {
    element,
    close,
    mark: markNow,
    isWriting: () => document.activeElement === field,
    /** A note that is being written stays, whatever the evening does. */
    holds: () => field.value.trim() !== "",
    write() {
      began_ms = Date.now();
      field.focus();
    },
    /** @param {any} state */
    update(state) {
      const labels = state.marks ?? [];
      element.hidden = labels.length === 0 || !(state.block || field.value);
      if (labels.join("\n") === shown) return;
      shown = labels.join("\n");
      marks.replaceChildren(...labels.map((/** @type {string} */ label, /** @type {number} */ i) =>
        h("button", { type: "button", class: "mark-key", onClick: () => markNow(i + 1) },
          h("span", {}, label), h("kbd", {}, String(i + 1))),
      ));
    },
  };
}

/**
 * When it was, by the clock on the wall: an hour's parts begin anew, and their times with
 * them.
 * @param {number} ms
 */
function timeOfDay(ms) {
  return new Intl.DateTimeFormat(document.documentElement.lang, {
    hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).format(ms);
}

/**
 * What a therapist may do while two practise.
 * @param {import("../app.js").App} app
 */
function steeringRow(app) {
  const pause = mainButton(WORDS.console.pause, () => app.pause());
  const pace = PACE_PRESSES.map((press) =>
    quietButton(WORDS.console.pace[press], () => app.send("press", { press })),
  );
  const next = quietButton(WORDS.console.next, () => app.send("press", { press: "next" }));
  const finish = quietButton(WORDS.console.finish, () => app.send("press", { press: "finish" }));
  const done = mainButton(WORDS.console.home, () => app.go("home"));
  const stop = h("div", { class: "stop" }, pause);
  const presses = h("div", { class: "presses" }, pace, next, finish, done);
  const element = h("div", { class: "steering" }, stop, presses);
  return {
    element,
    /** @param {any} state */
    update(state) {
      const isSitting = Boolean(state.block);
      const isLed = isSitting && !state.paused && state.pacing !== null
        && state.block.kind !== "light"; // which leads nobody
      stop.hidden = !isSitting || state.paused;
      for (const each of pace) each.hidden = !isLed || Boolean(state.practice?.own_pace);
      next.hidden = !isSitting || !state.block.waits || state.turn !== null;
      finish.hidden = !isSitting || Boolean(state.hour); // its card ends it, and stops nobody
      done.hidden = state.screen !== "look-back" || state.turn !== null;
      presses.hidden = [...pace, next, finish, done].every((each) => each.hidden);
    },
  };
}
