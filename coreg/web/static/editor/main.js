/**
 * The beat editor: one recording, what was decided about its beats, and what a person
 * says instead.
 *
 * What somebody does is sent, and drawn once the server says that it is saved. Choosing
 * and looking are of this page alone.
 */

import { h, say } from "../dom.js";
import { keyedSocket, whoIsThere } from "../page_key.js";
import { fill, LANGUAGE, WORDS } from "../words.js";
import { Beats, DID, LABELS } from "./beats.js";
import { showFigures } from "./figures.js";
import { listenToKeys } from "./keys.js";
import { Looking } from "./looking.js";
import { clock } from "./tachogram.js";
import { keysList, legend, tools } from "./tools.js";

const words = WORDS.editor;
const counted = new Intl.NumberFormat(LANGUAGE);
const page = /** @type {HTMLElement} */ (document.getElementById("editor"));

/** What is said of two intervals, and done to the one beat between them. */
const OF_A_PAIR = new Set(["extra", "ectopic"]);

class Editor {
  /** @type {WebSocket | null} */
  #socket = null;
  #done = 0;
  #undone = 0;
  #of = { name: "", file: "", recorded: 0, places: 0 };

  constructor() {
    this.title = h("h1", { tabindex: "-1" }, words.heading);
    this.lead = h("p", { class: "lead" }, words.loading);
    this.looking = new Looking(() => this.#tell());
    this.told = h("p", { class: "told", "aria-live": "polite" });
    this.refused = h("p", { class: "refused", role: "alert", hidden: true });
    this.note = h("p", { class: "note small", "aria-live": "polite" });
    this.brief = h("p", { class: "brief small", "aria-live": "polite" });
    this.decisions = h("p", { class: "decisions small" });
    this.tools = tools((what) => this.act(what));
    this.figures = h("section", { class: "figures card" });
  }

  async start() {
    page.append(h("div", { class: "day editor" }, this.title, this.lead));
    if ((await whoIsThere()) !== "known") return this.#end(words.unknown);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.#socket = keyedSocket(`${scheme}://${location.host}/ws`);
    this.#socket.addEventListener("message", ({ data }) => this.#hear(JSON.parse(data)));
    this.#socket.addEventListener("close", () => this.#end(
      this.#of.file || !this.#of.name ? words.ended : words.endedSession,
    ));
    addEventListener("pagehide", () => this.#socket?.close());
    // A browser may show the page again as it left it, without its line.
    addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
  }

  /** @param {any} told of our own server, which found us by our key */
  #hear(told) {
    if (told.type === "beats") this.#open(told);
    else if (told.type === "change") this.#change(told);
    else if (told.type === "figures") this.#figure(told);
    else if (told.type === "refused") this.#refuse(told.words);
  }

  /** @param {{rows: import("./figures.js").Row[], cautions: string[]} | null} told none while they are worked out */
  #figure(told) {
    showFigures(this.figures, told);
    const row = told?.rows.find(({ name }) => name === "rmssd_ms");
    this.brief.classList.toggle("old", !row);
    if (!row) return;
    const { name: figure, before, after, unit, meaning, changed, known } = row;
    const { brief } = words;
    let pattern = changed ? brief.changed : brief.same;
    if (!known.after) pattern = known.before ? brief.isNone : brief.none;
    say(this.brief, fill(pattern, { figure, before, after, unit, meaning }));
  }

  /**
   * @param {{
   *   name: string, file: string, recorded: number, places: number, beats: any,
   *   done: number, undone: number,
   * }} told
   */
  #open(told) {
    const beats = new Beats(told.beats);
    this.#of = told;
    document.title = `${told.name} · coreg`;
    say(this.title, fill(told.file ? words.title : words.titleSession, { name: told.name }));
    this.#count(told);
    this.#figure(null);
    page.firstElementChild?.append(
      h(
        "section", { class: "card" },
        this.looking.element, this.told, this.note, this.refused, this.tools.element,
        this.brief, this.decisions, legend(),
      ),
      h("div", { class: "beneath" }, this.figures, keysList()),
    );
    this.looking.open(beats); // how much is seen at first depends on its width
    listenToKeys((what) => this.act(what));
    this.#tell();
  }

  #lead() {
    const { beats } = this.looking;
    const length = clock(beats.end_s - beats.start_s);
    say(this.lead, fill(this.#of.file ? words.lead : words.leadSession, {
      n: beats.length, beats: counted.format(beats.length), length, file: this.#of.file,
    }));
  }

  /** @param {{at: number, out: number, into: any, done: number, undone: number}} told */
  #change(told) {
    this.#count(told);
    this.looking.change(told.at, told.out, told.into);
    this.#figure(null);
    this.#tell();
    if (told.out && !told.into.number.length) say(this.note, words.gone);
  }

  /** @param {{done: number, undone: number}} told */
  #count({ done, undone }) {
    [this.#done, this.#undone] = [done, undone];
  }

  /**
   * Do what a key or a button says.
   * @param {import("./tools.js").What} what
   */
  act(what) {
    if (what === "next" || what === "previous") {
      if (!this.looking.decision(what === "next" ? 1 : -1)) say(this.note, words.none[what]);
    } else if (this.looking.act(what)) return;
    else if (what === "undo" || what === "redo") {
      if (!this.tools.isOff(what)) this.#ask({ do: what });
    } else if (!this.looking.isSeen) {
      this.looking.show();
      say(this.note, words.outOfSight);
    } else if (this.tools.isOff(what)) say(this.note, words.ofOne);
    else {
      const { beats, first, last } = this.looking;
      this.#ask({
        do: what, beat: beats.number[first], last: beats.number[last], t_s: beats.t_s[first],
      });
    }
  }

  /** @param {object} asked */
  #ask(asked) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(asked));
  }

  /** @param {string} why none where nothing is refused any more */
  #refuse(why) {
    say(this.refused, why);
    this.refused.hidden = !why;
  }

  /** Say which beats are chosen, and what was decided about them. */
  #tell() {
    const { beats, first, last, isDecision, isSeveral } = this.looking;
    this.#refuse(""); // of what was chosen before
    say(this.note, "");
    this.#lead();
    say(this.told, first === last
      ? ofBeat(beats, first, this.#of.recorded) : ofRange(beats, first, last));
    const n = this.#of.places;
    const decided = n ? fill(words.decisions, { n }) : words.noDecisions;
    const corrected = this.#done ? ` · ${fill(words.corrected, { n: this.#done })}` : "";
    say(this.decisions, decided + corrected);
    const isOne = first === last;
    const isPair = isDecision && last === first + 1 && OF_A_PAIR.has(LABELS[beats.label[first]]);
    this.tools.may({
      undo: this.#done > 0, redo: this.#undone > 0, insert: isOne,
      ectopic: isOne || isPair, delete: isOne || isPair,
    }, isSeveral);
  }

  /** @param {{title: string, lead: string}} how */
  #end(how) {
    const title = h("h1", { tabindex: "-1" }, how.title);
    page.replaceChildren(h("div", { class: "day editor" }, title, h("p", { class: "lead" }, how.lead)));
    title.focus();
  }
}

/**
 * @param {Beats} beats
 * @param {number} i
 * @param {number} recorded how many there were: all others were put in
 */
function ofBeat(beats, i, recorded) {
  const where = fill(beats.number[i] > recorded ? words.newBeat : words.beat, {
    number: beats.number[i], time: clock(beats.t_s[i]), rr: Math.round(beats.rr_ms[i]),
  });
  return `${where}. ${stateOf(beats, i)}`;
}

/**
 * @param {Beats} beats
 * @param {number} i
 */
function stateOf(beats, i) {
  /** @type {Record<string, string>} */
  const states = words.state;
  /** @type {Record<string, string>} */
  const labels = words.labels;
  const [did, label] = [DID[beats.did[i]], LABELS[beats.label[i]]];
  if (!did) return label && !beats.counts[i] ? states[label] : states.counts;
  const byHand = states[did === "ectopic" ? "ectopic-by-hand" : did];
  return label ? `${byHand} ${labels[label]}` : byHand;
}

/**
 * @param {Beats} beats
 * @param {number} first
 * @param {number} last
 */
function ofRange(beats, first, last) {
  const where = fill(words.range, {
    n: last - first + 1, from: clock(beats.t_s[first]), to: clock(beats.t_s[last]),
  });
  /** @type {Map<string, number>} */
  const found = new Map();
  for (let i = first; i <= last; i += 1) {
    const did = DID[beats.did[i]] || (beats.counts[i] ? "counts" : "out");
    found.set(did, (found.get(did) ?? 0) + 1);
  }
  const isOneDecision = beats.decisionEnd(first) >= last;
  if (found.has("out") && isOneDecision) return `${where}. ${stateOf(beats, first)}`;
  const parts = Array.from(found, ([did, n]) => (
    fill(/** @type {Record<string, any>} */ (words.parts)[did], { n })
  ));
  return `${where}: ${parts.join(", ")}.`;
}

export const editor = new Editor();
editor.start();
