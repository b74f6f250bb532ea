/** Hearts of an hour whose beats a therapist may put right by hand, each in a window. */

import { h, quietButton, say } from "../dom.js";
import { fill, WORDS } from "../words.js";

/** @typedef {{session_id: string, partner: string, name: string, part: string, words: string}} Heart */
/** @typedef {(type: string, fields: any, done?: string) => Promise<boolean>} Ask */

const OURS = "127.0.0.1"; // an editor answers on this computer and nowhere else

/** @param {(place: HTMLElement) => Ask} asking */
export function beatsPart(asking) {
  const words = WORDS.clinic.beats;
  const hearts = h("ul", { class: "hearts", role: "list" });
  const told = h("p", { class: "small", "aria-live": "polite" });
  const link = h("p", {});
  const ask = asking(told);
  /** @type {Window | null} asked for by a press, or a browser would not open it */
  let opening = null;
  const element = h(
    "section", { class: "part beats", hidden: true },
    h("h2", {}, words.title), h("p", { class: "small" }, words.hint), hearts, told, link,
  );
  /**
   * @param {Heart} heart
   * @param {string} couple
   */
  const edit = async ({ session_id, partner }, couple) => {
    link.replaceChildren();
    opening?.close();
    opening = window.open("", "_blank");
    if (!(await ask("edit-beats", { couple, session_id, partner }))) {
      opening?.close();
      opening = null;
    }
  };
  /**
   * @param {Heart} heart
   * @param {string} couple
   */
  const line = (heart, couple) => {
    const called = heart.part ? words.inPart : words.of;
    return h(
      "li", {},
      quietButton(fill(called, heart), () => edit(heart, couple)),
      h("span", { class: "small" }, heart.words),
    );
  };
  return {
    element,
    /**
     * @param {Heart[]} all none where none may be seen
     * @param {string} couple
     */
    show(all, couple) {
      element.hidden = all.length === 0 || !couple;
      hearts.replaceChildren(...all.map((heart) => line(heart, couple)));
      say(told, "");
      link.replaceChildren();
    },
    /** @param {string} at a link that opens one page, once */
    opened(at) {
      if (new URL(at).hostname !== OURS) return;
      if (opening && !opening.closed) {
        opening.location.replace(at);
        say(told, words.opened);
      } else {
        link.replaceChildren(h("a", { href: at, target: "_blank", rel: "noopener" }, words.link));
        say(told, words.ready);
      }
      opening = null;
    },
  };
}
