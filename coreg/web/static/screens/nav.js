/** The way between the screens by day. */

import { h } from "../dom.js";
import { WORDS } from "../words.js";

/**
 * @param {any} app
 * @param {"home"|"evenings"|"settings"} here
 */
export function nav(app, here) {
  return h(
    "nav", { "aria-label": WORDS.nav.label },
    ["home", "evenings", "settings"].map((screen) =>
      h(
        "button",
        {
          type: "button", onClick: () => app.go(screen),
          "aria-current": screen === here ? "page" : null,
        },
        WORDS.nav[screen],
      ),
    ),
  );
}
