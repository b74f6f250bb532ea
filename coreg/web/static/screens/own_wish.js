/**
 * What somebody wishes for, in their own words, and how near it is: asked on their own
 * page, once a week or so. A therapist who is there sees it where its owner shows it.
 */

import { dateWords } from "../days.js";
import { h, mainButton, quietButton, say } from "../dom.js";
import { tooManyWords } from "../keeping.js";
import { nearPicture } from "../near_picture.js";
import { WORDS } from "../words.js";
import { scalesOf } from "./ratings.js";

export const OWN_WISH = "wish";

/** @param {(type: string, fields: Record<string, unknown>) => Promise<void>} ask */
export function ownWish(ask) {
  const text = /** @type {HTMLTextAreaElement} */ (h("textarea", { rows: 2 }));
  const told = h("p", { class: "needed", "aria-live": "polite" });
  const asked = h("div", {});
  const picture = h("div", {});
  const share = h("div", {});
  let near = askNear();
  asked.append(...near.elements);
  const keep = async () => {
    const words = text.value.trim();
    const [value] = near.read();
    const missing = words === "" || value === null ? WORDS.wish.missing : "";
    say(told, tooManyWords(words) || missing);
    if (!tooManyWords(words) && !missing) await ask("own-wish", { text: words, near: value });
  };
  let known = "";
  /** @param {any} own all that is one's own */
  const update = (own) => {
    const lines = own.lines.filter((/** @type {any} */ line) => line.block === OWN_WISH);
    const isOffered = own.may_share && lines.length > 0;
    share.replaceChildren(...(isOffered || own.wish_shared ? shareLines(own, ask) : []));
    const now = JSON.stringify(lines);
    if (now === known) return;
    if (known) { // it was kept, or deleted: the next answer is another one
      near = askNear();
      asked.replaceChildren(...near.elements);
    }
    known = now;
    text.value = lines.at(-1)?.asked ?? text.value;
    picture.replaceChildren(nearPicture(lines.map((/** @type {any} */ line) => ({
      day: dateWords(line.when_utc) || line.when_utc, value: line.answered,
    }))) ?? "");
  };
  const element = h(
    "section", { class: "part own-wish" },
    h("h2", {}, WORDS.wish.title),
    h("p", { class: "small" }, WORDS.wish.lead),
    h("label", { class: "field own-words" }, h("span", {}, WORDS.wish.ask), text),
    asked, told,
    h("div", { class: "buttons" }, mainButton(WORDS.wish.keep, keep)),
    picture, share,
  );
  return { element, update };
}

function askNear() {
  return scalesOf([{
    name: "near", words: WORDS.wish.near, low: WORDS.wish.far, high: WORDS.wish.there,
  }]);
}

/**
 * Whether a therapist sees it; one press shows it, and one shows it no more.
 * @param {any} own
 * @param {(type: string, fields: Record<string, unknown>) => Promise<void>} ask
 */
function shareLines({ wish_shared: isShown }, ask) {
  const words = isShown ? WORDS.wish.stop : WORDS.wish.share;
  return [
    h("p", { class: "small" }, isShown ? WORDS.wish.shown : WORDS.wish.shareHint),
    h("div", { class: "buttons" }, quietButton(
      words, () => ask("show-own-wish", { shown: !isShown }),
    )),
  ];
}
