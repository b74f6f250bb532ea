/** The way between the screens by day. */

import { h } from "../dom.js";
import { WORDS } from "../words.js";

/** @typedef {"home"|"evenings"|"settings"} Place */

const PLACES = /** @type {Place[]} */ (["home", "evenings", "settings"]);

/**
 * @param {import("../app.js").App} app
 * @param {Place} here
 */
export function nav(app, here) {
  return h(
    "nav", { "aria-label": WORDS.nav.label },
    PLACES.map((screen) =>
      h(
        "button",
        {
          type: "button", onClick: () => app.go(screen),
          "aria-current": screen === here ? "page" : null,
        },
        screen === "home" && app.state?.with_therapist ? WORDS.nav.today : WORDS.nav[screen],
      ),
    ),
  );
}
