/** A way for each to what they agreed to: alone, and not through the other's. */

import { h, linkButton } from "../dom.js";
import { fill, nameOf, WORDS } from "../words.js";
import { ownerOf } from "./phone.js";

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {"A"|"B"} partner
 * @param {string} [words] on a page of one's own no name is needed
 */
export function choicesLink(
  app, state, partner, words = fill(WORDS.settings.consent, { name: nameOf(state, partner) }),
) {
  return linkButton(words, () => app.go("consent", partner));
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function choicesLinks(app, state) {
  const owner = ownerOf(state); // on a phone there are its owner's alone
  return h(
    "span", { class: "links" },
    owner !== "B" && choicesLink(app, state, "A"),
    owner !== "A" && choicesLink(app, state, "B"),
  );
}
