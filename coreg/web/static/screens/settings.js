/** Settings: sound, light, words for a screen reader, and erasing. */

import { h, quietButton, tick, title } from "../dom.js";
import { setSpokenBreath, wantsSpokenBreath } from "../preferences.js";
import { fill, nameOf, WORDS } from "../words.js";
import { choicesLinks } from "./choices.js";
import { confirmErase } from "./confirm.js";
import { nav } from "./nav.js";

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function settings(app, state) {
  const sound = choice(
    WORDS.settings.sound, WORDS.settings.soundHint, app.sound.on, () => app.toggleSound(),
  );
  const spoken = choice(WORDS.settings.spoken, "", wantsSpokenBreath(), setSpokenBreath);
  const warmth = choice(
    WORDS.settings.warmth, WORDS.settings.warmthHint,
    state.settings?.warmth ?? true, (on) => app.send("settings", { sound: app.sound.on, warmth: on }),
  );
  const taps = choice(
    WORDS.settings.taps, WORDS.settings.tapsHint,
    Boolean(state.taps), (on) => app.send("taps", { on }),
  );
  return {
    element: h(
      "div", { class: "day" },
      nav(app, "settings"),
      title(WORDS.settings.title),
      part(WORDS.settings.soundTitle, sound, spoken),
      part(WORDS.settings.lightTitle, warmth),
      part(WORDS.settings.tapsTitle, taps),
      !state.simulated && part(
        WORDS.settings.consentTitle, choicesLinks(app, state),
      ),
      part(WORDS.settings.keysTitle, h("p", { class: "lead" }, WORDS.settings.keys)),
      part(WORDS.settings.eraseTitle, eraseButtons(app, state)),
    ),
  };
}

/**
 * @param {string} heading
 * @param {...HTMLElement} inside
 */
function part(heading, ...inside) {
  return h("section", { class: "part" }, h("h2", {}, heading), inside);
}

/**
 * @param {string} words
 * @param {string} hint
 * @param {boolean} checked
 * @param {(on: boolean) => void} onChange
 */
function choice(words, hint, checked, onChange) {
  const { element, box } = tick(words, hint, { checked, onChange: () => onChange(box.checked) });
  return element;
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
function eraseButtons(app, state) {
  const partners = /** @type {("A"|"B")[]} */ (["A", "B"]).map((partner) => {
    const name = nameOf(state, partner);
    return quietButton(fill(WORDS.settings.erase[partner], { name }), () =>
      confirmErase({
        title: fill(WORDS.settings.confirmTitle.partner, { name }),
        lead: [WORDS.settings.confirmLead.partner, WORDS.settings.copies],
        typed: true,
        yes: () => app.send("erase", { what: "partner", partner, confirm: "erase" }),
      }),
    );
  });
  const everything = quietButton(WORDS.settings.erase.everything, () =>
    confirmErase({
      title: WORDS.settings.confirmTitle.everything,
      lead: [WORDS.settings.confirmLead.everything, WORDS.settings.copies],
      typed: true,
      yes: () => app.send("erase", { what: "everything", confirm: "erase" }),
    }),
  );
  return h("div", { class: "buttons" }, ...partners, everything);
}
