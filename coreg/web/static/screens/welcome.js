/** First use: what this is, and what to call the two. */

import { h, linkButton, mainButton, mark, tick, title } from "../dom.js";
import { asking, keeping } from "../keeping.js";
import { setSpokenBreath, wantsSpokenBreath } from "../preferences.js";
import { WORDS } from "../words.js";
import { helpLink } from "./help.js";

const NAME_MOST = 40;

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function welcome(app, state) {
  const fields = { A: nameField("A", state), B: nameField("B", state) };
  const names = () => ({
    A: fields.A.input.value.trim(), B: fields.B.input.value.trim(),
  });
  const kept = keeping(app, names);
  const go = () => kept.send([asking("names", names())]);
  /**
   * Another way than on with these names.
   * @param {() => void} way
   */
  const leaving = (way) => () => {
    kept.letGo();
    way();
  };
  const form = h(
    "form", { onSubmit: (/** @type {Event} */ event) => { event.preventDefault(); go(); } },
    h(
      "fieldset", {},
      h("legend", {}, WORDS.welcome.names),
      h("p", { class: "small" }, WORDS.welcome.namesHint),
      h("div", { class: "pair names" }, fields.A.element, fields.B.element),
    ),
    kept.element,
    spokenChoice(),
    h(
      "div", { class: "buttons" },
      mainButton(WORDS.welcome.go, () => {}, { type: "submit" }),
      linkButton(
        WORDS.welcome.simulated,
        leaving(() => app.send("source", { source: "simulated" })),
      ),
    ),
  );
  return {
    ...kept,
    element: h(
      "div", { class: "day narrow welcome" },
      title(WORDS.welcome.title),
      h("p", { class: "lead" }, WORDS.welcome.lead),
      h(
        "div", { class: "plain" },
        h("p", {}, WORDS.welcome.how),
        h("p", {}, WORDS.welcome.private),
      ),
      form,
      h(
        "div", { class: "beneath" },
        linkButton(WORDS.welcome.settings, leaving(() => app.go("settings"))), helpLink(),
      ),
    ),
  };
}

/** Whoever hears the pages has to find this before the first breath. */
export function spokenChoice() {
  const { element, box } = tick(WORDS.settings.spoken, "", {
    checked: wantsSpokenBreath(), onChange: () => setSpokenBreath(box.checked),
  });
  element.classList.add("spoken");
  return element;
}

/**
 * @param {"A"|"B"} partner
 * @param {any} state
 */
export function nameField(partner, state) {
  const known = state.couple?.[partner]?.name;
  const input = /** @type {HTMLInputElement} */ (
    h("input", {
      type: "text", maxlength: NAME_MOST, autocomplete: "off",
      value: known === WORDS.partner[partner] ? null : known, // a place, not a name
    })
  );
  const element = h(
    "label", { class: "field" },
    h("span", {}, mark(partner), WORDS.welcome.name[partner]),
    input,
  );
  return { element, input };
}
