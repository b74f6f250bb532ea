/** The buttons of the editor, what its marks mean, and the list of its keys. */

import { h } from "../dom.js";
import { WORDS } from "../words.js";
import { shape, sharp, colours } from "./tachogram.js";

/**
 * @typedef {"accept" | "reject" | "ectopic" | "insert" | "delete" | "undo" | "redo"
 *   | "left" | "right" | "more-left" | "more-right" | "far" | "back" | "first" | "last"
 *   | "next" | "previous" | "in" | "out" | "whole" | "several"} What
 */

const words = WORDS.editor;
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const CTRL = isMac ? "⌘" : words.keys.ctrl;
const SHIFT = isMac ? "⇧" : words.keys.shift;

/** @type {[What, string][][]} */
const GROUPS = [
  [["previous", "P"], ["next", "N"]],
  [["accept", "A"], ["reject", "R"], ["ectopic", "E"], ["insert", "I"], ["delete", "D"]],
  [["undo", `${CTRL} Z`], ["redo", `${CTRL} ${SHIFT} Z`]],
  [["in", "+"], ["out", "−"], ["whole", "0"]],
];
/** For fingers, which have no arrow keys. */
/** @type {[What, string][]} */
const TOUCH = [["left", "←"], ["right", "→"], ["several", ""]];

/** @param {(what: What) => void} act */
export function tools(act) {
  /** @type {Map<What, HTMLElement>} */
  const buttons = new Map();
  const groups = [...GROUPS, TOUCH].map((group) =>
    h("div", { class: group === TOUCH ? "group touch" : "group" }, group.map(([what, key]) => {
      const button = h(
        "button", { type: "button", class: "tool", onClick: () => act(what) },
        /** @type {Record<string, string>} */ (words.do)[what], key && h("kbd", { "aria-hidden": "true" }, key),
      );
      buttons.set(what, button);
      return button;
    })),
  );
  return {
    element: h("div", { class: "tools" }, groups),
    /**
     * @param {Partial<Record<What, boolean>>} now what may be pressed or not
     * @param {boolean} isSeveral whether several beats are being chosen
     */
    may(now, isSeveral) {
      for (const [what, button] of buttons) {
        // Not `disabled`, which would take the focus from whoever just pressed it.
        button.setAttribute("aria-disabled", String(now[what] === false));
      }
      buttons.get("several")?.setAttribute("aria-pressed", String(isSeveral));
    },
    /** @param {What} what @returns {boolean} whether it cannot be done now, by key or by button */
    isOff: (what) => buttons.get(what)?.getAttribute("aria-disabled") === "true",
  };
}

const SHAPES = ["missed", "extra", "ectopic", "gap", "irregular", "marked", "reject", "hand"];

/** What each mark means. */
export function legend() {
  const marks = SHAPES.map((what) => {
    const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { class: "mark", "aria-hidden": "true" }));
    const name = /** @type {Record<string, string>} */ (words.legend)[what];
    return { what, canvas, element: h("li", {}, canvas, name) };
  });
  const draw = () => {
    for (const { what, canvas } of marks) {
      const colour = colours();
      const { on, width, height } = sharp(canvas);
      on.lineWidth = 1.8;
      on.strokeStyle = what === "reject" ? colour.hand : colour.out;
      on.fillStyle = what === "hand" ? colour.hand : colour.paper;
      on.beginPath();
      if (what === "hand") on.rect(width / 2 - 4, height / 2 - 4, 8, 8);
      else shape(on, what, width / 2, height / 2, 5);
      on.fill();
      if (what !== "hand") on.stroke();
    }
  };
  requestAnimationFrame(draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  return h("ul", { class: "legend" }, marks.map(({ element }) => element));
}

/** All keys, to be seen at once. */
export function keysList() {
  const keys = words.keys;
  /** @type {[string[], string][]} */
  const rows = [
    [["←", "→"], keys.beat],
    [[`${SHIFT} ←`, `${SHIFT} →`], keys.choose],
    [["N", "P"], keys.decision],
    [["A"], keys.accept],
    [["R"], keys.reject],
    [["E"], keys.ectopic],
    [["I"], keys.insert],
    [["D"], keys.delete],
    [[`${CTRL} Z`], keys.undo],
    [[`${CTRL} ${SHIFT} Z`], keys.redo],
    [["+", "−"], keys.zoom],
    [["0"], keys.whole],
    [[keys.pageUp, keys.pageDown], keys.far],
    [[keys.home, keys.end], keys.ends],
    [[keys.click], keys.clicking],
    [[`${SHIFT} ${keys.click}`], keys.upTo],
    [[keys.drag], keys.dragging],
    [[`${CTRL} ${keys.wheel}`], keys.wheeling],
  ];
  return h(
    "section", { class: "keys card" },
    h("h2", {}, keys.title),
    h("dl", {}, rows.map(([names, does]) => h(
      "div", {},
      h("dt", {}, names.map((name) => h("kbd", {}, name))),
      h("dd", {}, does),
    ))),
  );
}
