/**
 * What is in view and which beats are chosen: the picture, the whole beneath it, pointers.
 *
 * Whatever changes asks for one picture in the next frame, however much changed until then.
 */

import { h } from "../dom.js";
import { WORDS } from "../words.js";
import { Beats } from "./beats.js";
import { colours, drawOverview, drawTachogram, room } from "./tachogram.js";

const FIRST_VIEW_S = 120;
const LEAST_FIRST_VIEW_S = 30;
const FIRST_PX_PER_S = 9; // so that beats are apart on a phone, too
const SHORTEST_S = 4;
const ZOOM = 1.5;
const MARGIN = 0.12; // of the view: a chosen beat is never nearer to its edge
const DRAG_PX = 4;

export class Looking {
  beats = new Beats({
    number: [], t_s: [], rr_ms: [], label: [], counts: [], lost: [], did: [],
  });
  view = { start_s: 0, end_s: FIRST_VIEW_S };
  #anchor = 0;
  #head = 0;
  #asked = false;
  /** Whether what is chosen is all of one decision. */
  isDecision = false;
  /** Whether each step and each touch chooses one beat more. */
  isSeveral = false;
  #overviewIsOld = true;
  /** @type {[number, number]} */
  #reach_ms = [400, 1200];
  #colours = colours();
  #tell;

  /** @param {() => void} tell what to do once other beats are chosen */
  constructor(tell) {
    this.#tell = tell;
    const canvas = { role: "img", tabindex: "0", "aria-label": WORDS.editor.chart };
    this.canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { class: "tachogram", ...canvas }));
    this.whole = /** @type {HTMLCanvasElement} */ (
      h("canvas", { class: "whole", role: "img", "aria-label": WORDS.editor.overview })
    );
    this.frame = h("div", { class: "frame", "aria-hidden": "true" });
    this.element = h("div", { class: "pictures" }, this.canvas, h("div", { class: "overview" }, this.whole, this.frame));
    this.#listen();
  }

  get first() {
    return Math.min(this.#anchor, this.#head);
  }

  get last() {
    return Math.max(this.#anchor, this.#head);
  }

  /** @param {Beats} beats */
  open(beats) {
    this.beats = beats;
    this.#reach_ms = beats.reach_ms;
    const wide_s = room(this.canvas.clientWidth || innerWidth, 0).width / FIRST_PX_PER_S;
    const first_s = Math.min(FIRST_VIEW_S, Math.max(LEAST_FIRST_VIEW_S, wide_s));
    this.view = { start_s: beats.start_s, end_s: beats.start_s + this.#span(first_s) };
    const decision = beats.isDecided(0) ? 0 : beats.decisionFrom(0, 1);
    if (decision < 0) this.#choose(0);
    else this.#chooseDecision(decision);
  }

  /** Whether any of what is chosen can be seen. */
  get isSeen() {
    const { t_s, rr_ms } = this.beats;
    const from_s = this.first === this.last
      ? t_s[this.first] : t_s[this.first] - rr_ms[this.first] / 1000;
    return t_s[this.last] >= this.view.start_s && from_s <= this.view.end_s;
  }

  /** Bring what is chosen into view. */
  show() {
    this.#bringIn(this.#head);
    this.draw();
  }

  /**
   * Take what changed, and choose it.
   * @param {number} at
   * @param {number} out
   * @param {any} into
   */
  change(at, out, into) {
    this.beats = this.beats.spliced(at, out, into);
    const kept = into.number.length;
    const isRange = kept > 1 && kept === out && this.first !== this.last;
    this.isDecision &&= isRange;
    this.#anchor = Math.min(at, this.beats.length - 1);
    this.#head = isRange ? at + kept - 1 : this.#anchor;
    this.#overviewIsOld = true;
    this.show();
  }

  /**
   * Do what a key or a button says, where it is about looking or choosing.
   * @param {import("./tools.js").What} what
   * @returns {boolean} whether it is
   */
  act(what) {
    const span_s = this.view.end_s - this.view.start_s;
    const far = () => this.beats.nearest(this.beats.t_s[this.#head] + 0.9 * span_s);
    const back = () => this.beats.nearest(this.beats.t_s[this.#head] - 0.9 * span_s);
    /** @type {Partial<Record<import("./tools.js").What, () => void>>} */
    const ways = {
      right: () => this.#step(this.#head + 1),
      left: () => this.#step(this.#head - 1),
      "more-right": () => this.#extend(this.#head + 1),
      "more-left": () => this.#extend(this.#head - 1),
      far: () => this.#choose(far()),
      back: () => this.#choose(back()),
      first: () => this.#choose(0),
      last: () => this.#choose(this.beats.length - 1),
      several: () => {
        this.isSeveral = !this.isSeveral;
        this.#tell();
      },
      in: () => this.#zoom(1 / ZOOM, this.#middle_s),
      out: () => this.#zoom(ZOOM, this.#middle_s),
      whole: () => this.#zoom(Infinity, this.#middle_s),
    };
    const way = ways[what];
    way?.();
    return way !== undefined;
  }

  /** Ask for a picture in the next frame. */
  draw() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#draw();
    });
  }

  #draw() {
    // Once the page shows something else, there is no room to draw in.
    if (!this.beats.length || room(this.canvas.clientWidth, 0).width <= 0) return;
    const chosen = { first: this.first, last: this.last };
    drawTachogram(this.canvas, this.beats, this.view, chosen, this.#reach_ms, this.#colours);
    if (this.#overviewIsOld) {
      drawOverview(this.whole, this.beats, this.#reach_ms, this.#colours);
      this.#overviewIsOld = false;
    }
    const { left, width } = room(this.whole.clientWidth, 0);
    const { start_s, end_s } = this.beats;
    const px = (/** @type {number} */ t_s) => left + ((t_s - start_s) / (end_s - start_s)) * width;
    const from = px(Math.max(start_s, this.view.start_s));
    this.frame.style.left = `${from}px`;
    this.frame.style.width = `${Math.max(6, px(Math.min(end_s, this.view.end_s)) - from)}px`;
  }

  /** The chosen beat where it is in view, else the middle. */
  get #middle_s() {
    const at_s = this.beats.t_s[this.#head];
    const { start_s, end_s } = this.view;
    return at_s >= start_s && at_s <= end_s ? at_s : (start_s + end_s) / 2;
  }

  /** @param {number} i */
  #choose(i) {
    this.#anchor = i;
    this.#extend(i);
    this.#anchor = this.#head;
  }

  /** @param {number} i */
  #step(i) {
    if (this.isSeveral) this.#extend(i);
    else this.#choose(i);
  }

  /** @param {number} i */
  #extend(i) {
    this.isDecision = false;
    this.#head = Math.min(this.beats.length - 1, Math.max(0, i));
    this.#anchor = Math.min(this.beats.length - 1, Math.max(0, this.#anchor));
    this.#bringIn(this.#head);
    this.draw();
    this.#tell();
  }

  /**
   * Choose all of the next decision, or of the one before.
   * @param {1 | -1} way
   * @returns {boolean} whether there is one
   */
  decision(way) {
    const at = this.beats.decisionFrom(way > 0 ? this.last : this.first, way);
    if (at < 0) return false;
    const t_s = this.beats.t_s[at];
    const { start_s, end_s } = this.view;
    if (t_s < start_s || t_s > end_s) this.#look(t_s - (end_s - start_s) / 2);
    this.#chooseDecision(at);
    return true;
  }

  /** @param {number} at where it begins */
  #chooseDecision(at) {
    const end = this.beats.decisionEnd(at);
    const { t_s } = this.beats;
    this.#anchor = at;
    this.#head = end;
    const span_s = (1 - 2 * MARGIN) * (this.view.end_s - this.view.start_s);
    this.#bringIn(end);
    if (t_s[end] - t_s[at] > span_s) this.#look(t_s[at] - span_s * MARGIN);
    else this.#bringIn(at);
    this.isDecision = true;
    this.draw();
    this.#tell();
  }

  /** @param {number} span_s how much is wished for; @returns how much there is to see */
  #span(span_s) {
    const all_s = Math.max(SHORTEST_S, this.beats.end_s - this.beats.start_s);
    return Math.min(all_s * 1.01, Math.max(SHORTEST_S, span_s));
  }

  /**
   * Move the view as far as a beat needs it.
   * @param {number} i
   */
  #bringIn(i) {
    const t_s = this.beats.t_s[i];
    const { start_s, end_s } = this.view;
    const margin_s = MARGIN * (end_s - start_s);
    if (t_s < start_s + margin_s) this.#look(t_s - margin_s);
    else if (t_s > end_s - margin_s) this.#look(t_s + margin_s - (end_s - start_s));
  }

  /** @param {number} start_s where the view is to begin, as far as there is something */
  #look(start_s) {
    const span_s = this.view.end_s - this.view.start_s;
    const room_s = 0.005 * span_s;
    const latest_s = Math.max(this.beats.start_s, this.beats.end_s + room_s - span_s);
    const from_s = Math.min(latest_s, Math.max(this.beats.start_s - room_s, start_s));
    this.view = { start_s: from_s, end_s: from_s + span_s };
    this.draw();
  }

  /**
   * @param {number} by
   * @param {number} around_s what stays in its place
   */
  #zoom(by, around_s) {
    const { start_s, end_s } = this.view;
    const span_s = this.#span((end_s - start_s) * by);
    const share = (around_s - start_s) / (end_s - start_s);
    const from_s = around_s - share * span_s;
    this.view = { start_s: from_s, end_s: from_s + span_s };
    this.#look(from_s);
  }

  /** @param {number} px */
  #at_s(px) {
    const { left, width } = room(this.canvas.clientWidth, 0);
    const { start_s, end_s } = this.view;
    return start_s + ((px - left) / width) * (end_s - start_s);
  }

  #listen() {
    this.#listenToPicture();
    this.#listenToWhole();
    const isDark = matchMedia("(prefers-color-scheme: dark)");
    const anew = () => {
      this.#colours = colours();
      this.#overviewIsOld = true;
      this.draw();
    };
    isDark.addEventListener("change", anew);
    matchMedia("(forced-colors: active)").addEventListener("change", anew);
    new ResizeObserver(anew).observe(this.canvas);
  }

  #listenToPicture() {
    const canvas = this.canvas;
    /** @type {{x: number, start_s: number, isDrag: boolean} | null} */
    let held = null;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      held = { x: event.offsetX, start_s: this.view.start_s, isDrag: false };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!held) return;
      held.isDrag ||= Math.abs(event.offsetX - held.x) > DRAG_PX;
      if (!held.isDrag) return;
      const perPx = (this.view.end_s - this.view.start_s) / room(canvas.clientWidth, 0).width;
      this.#look(held.start_s - (event.offsetX - held.x) * perPx);
    });
    canvas.addEventListener("pointerup", (event) => {
      if (held && !held.isDrag) {
        const at = this.beats.nearest(this.#at_s(event.offsetX));
        if (event.shiftKey) this.#extend(at);
        else this.#step(at);
      }
      held = null;
    });
    canvas.addEventListener("pointercancel", () => { held = null; });
    canvas.addEventListener("wheel", (event) => {
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (!event.ctrlKey && !event.metaKey && !isSideways) return; // the page's own
      event.preventDefault();
      const span_s = this.view.end_s - this.view.start_s;
      if (isSideways) {
        this.#look(this.view.start_s + ((event.deltaX || event.deltaY) / 800) * span_s);
      } else this.#zoom(Math.exp(event.deltaY / 400), this.#at_s(event.offsetX));
    }, { passive: false });
  }

  #listenToWhole() {
    const whole = this.whole;
    const go = (/** @type {PointerEvent} */ event) => {
      const { left, width } = room(whole.clientWidth, 0);
      const share = (event.offsetX - left) / width;
      const t_s = this.beats.start_s + share * (this.beats.end_s - this.beats.start_s);
      this.#look(t_s - (this.view.end_s - this.view.start_s) / 2);
    };
    whole.addEventListener("pointerdown", (event) => {
      whole.setPointerCapture(event.pointerId);
      go(event);
    });
    whole.addEventListener("pointermove", (event) => {
      if (event.buttons) go(event);
    });
  }
}
