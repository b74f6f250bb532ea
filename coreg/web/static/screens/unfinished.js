/** A practice that broke off: go on with it, look back at it, or leave it. */

import { h, linkButton, mainButton, quietButton, say } from "../dom.js";
import { WORDS } from "../words.js";

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function unfinishedBox(app, state) {
  const words = WORDS.home.unfinished;
  /** @param {"go-on"|"look-back"|"leave"} way */
  const choose = (way) => app.send("onward", { way });
  const heading = h("h2");
  const told = h("p");
  const hint = h("p", { class: "small" });
  const goOn = /** @type {HTMLButtonElement} */ (
    mainButton(words.goOn, () => choose("go-on"))
  );
  const lookBack = quietButton(words.lookBack, () => choose("look-back"));
  const page = /** @type {HTMLAnchorElement} */ (
    h("a", { class: "main", target: "_blank", rel: "noopener" }, words.page)
  );
  const element = h(
    "section", { class: "unfinished" },
    heading, told, hint,
    h(
      "div", { class: "buttons" },
      goOn, lookBack, page, linkButton(words.leave, () => choose("leave")),
    ),
  );
  /** @param {any} now */
  const update = (now) => {
    const unfinished = now.unfinished ?? null;
    element.hidden = !unfinished;
    if (!unfinished) return;
    say(heading, unfinished.title);
    say(told, unfinished.words);
    say(hint, unfinished.is_ready ? words.both : words.straps);
    hint.hidden = goOn.hidden = !unfinished.may_go_on;
    goOn.disabled = !unfinished.is_ready;
    page.hidden = !unfinished.page;
    if (unfinished.page) page.href = unfinished.page;
    lookBack.hidden = Boolean(unfinished.page);
  };
  update(state);
  return { element, update };
}
