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

class Editor {
  /** @type {WebSocket | null} */
  #socket = null;
  #done = 0;
  #undone = 0;

  constructor() {
    this.title = h("h1", { tabindex: "-1" }, words.heading);
    this.lead = h("p", { class: "lead" }, words.loading);
    this.looking = new Looking(() => this.#tell());
    this.told = h("p", { class: "told", "aria-live": "polite" });
    this.refused = h("p", { class: "refused", role: "alert", hidden: true });
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
    this.#socket.addEventListener("close", () => this.#end(words.ended));
    addEventListener("pagehide", () => this.#socket?.close());
    // A browser may show the page again as it left it, without its line.
    addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
  }

  /** @param {any} told of our own server, which found us by our key */
  #hear(told) {
    if (told.type === "beats") this.#open(told);
    else if (told.type === "change") this.#change(told);
    else if (told.type === "figures") showFigures(this.figures, told);
    else if (told.type === "refused") this.#refuse(told.words);
  }

  /** @param {{name: string, file: string, beats: any, done: number, undone: number}} told */
  #open(told) {
    const beats = new Beats(told.beats);
    document.title = `${told.name} · coreg`;
    say(this.title, fill(words.title, { name: told.name }));
    const length = clock(beats.end_s - beats.start_s);
    say(this.lead, fill(words.lead, {
      n: beats.length, beats: counted.format(beats.length), length, file: told.file,
    }));
    this.#count(told);
    this.looking.open(beats);
    showFigures(this.figures, null);
    page.firstElementChild?.append(
      h(
        "section", { class: "card" },
        this.looking.element, this.told, this.refused, this.tools.element, this.decisions,
        legend(),
      ),
      h("div", { class: "beneath" }, this.figures, keysList()),
    );
    listenToKeys((what) => this.act(what));
    this.#tell();
  }

  /** @param {{at: number, out: number, into: any, done: number, undone: number}} told */
  #change(told) {
    this.#refuse("");
    this.#count(told);
    this.looking.change(told.at, told.out, told.into);
    showFigures(this.figures, null);
    this.#tell();
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
    if (this.looking.act(what)) return;
    const { beats, first, last } = this.looking;
    if (what === "undo" || what === "redo") this.#ask({ do: what });
    else {
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
    const { beats, first, last } = this.looking;
    say(this.told, first === last ? ofBeat(beats, first) : ofRange(beats, first, last));
    const n = beats.decisions;
    const decided = n ? fill(words.decisions, { n }) : words.noDecisions;
    const corrected = this.#done ? ` · ${fill(words.corrected, { n: this.#done })}` : "";
    say(this.decisions, decided + corrected);
    this.tools.may({ undo: this.#done > 0, redo: this.#undone > 0, one: first === last });
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
 */
function ofBeat(beats, i) {
  const where = fill(words.beat, {
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
  return label ? `${byHand} ${fill(words.state.was, { label: labels[label] })}` : byHand;
}

/**
 * @param {Beats} beats
 * @param {number} first
 * @param {number} last
 */
function ofRange(beats, first, last) {
  return fill(words.range, {
    n: last - first + 1, from: clock(beats.t_s[first]), to: clock(beats.t_s[last]),
  });
}

export const editor = new Editor();
editor.start();
