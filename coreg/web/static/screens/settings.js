/** Settings: sound, light, words for a screen reader, and erasing. */

import { h, quietButton, say, tick, title } from "../dom.js";
import { asking, keeping } from "../keeping.js";
import { chosenLanguage, chooseLanguage } from "../preferences.js";
import { fill, nameOf, WORDS } from "../words.js";
import { choicesLinks } from "./choices.js";
import { confirmErase } from "./confirm.js";
import { heardChoice } from "./aloud.js";
import { helpLink } from "./help.js";
import { lockPart } from "./lock.js";
import { nav } from "./nav.js";
import { eraseOwn } from "./passcode.js";
import { phonesPart } from "./phones.js";
import { nameField, spokenChoice } from "./welcome.js";

const FOR_GOOD = { class: "quiet erase" };

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function settings(app, state) {
  /** @param {Record<string, boolean>} changes */
  const set = (changes) => {
    const { warmth = true, bell = true } = app.state.settings ?? {};
    app.send("settings", { warmth, bell, ...changes });
  };
  const bell = choice(
    WORDS.settings.bell, WORDS.settings.bellHint,
    state.settings?.bell ?? true, (on) => set({ bell: on }),
  );
  const warmth = choice(
    WORDS.settings.warmth, WORDS.settings.warmthHint,
    state.settings?.warmth ?? true, (on) => set({ warmth: on }),
  );
  const names = ownNames(app, state);
  const phones = phonesPart(state);
  return {
    ...names,
    leave: phones.leave,
    element: h(
      "div", { class: "day" },
      nav(app, "settings"),
      title(WORDS.settings.title),
      part(WORDS.settings.namesTitle, names.element),
      part(WORDS.settings.soundTitle, heardChoice(app), bell, spokenChoice()),
      part(WORDS.settings.lightTitle, warmth),
      part(WORDS.phones.title, phones.element),
      state.settings?.our_pace && part(WORDS.settings.paceTitle, ourPace(app)),
      !state.simulated && part(
        WORDS.settings.consentTitle, choicesLinks(app, state),
      ),
      !state.with_therapist && part(WORDS.lock.settingsTitle, lockPart(app)),
      part(WORDS.settings.keepTitle, keepFor(app, state)),
      part(WORDS.settings.languageTitle, languages()),
      part(WORDS.settings.keysTitle, h("p", { class: "lead" }, WORDS.settings.keys)),
      part(WORDS.settings.eraseTitle, eraseButtons(app, state)),
      !state.with_therapist && part(WORDS.settings.therapistTitle, forTherapists(app)),
      state.settings?.may_quit && part(WORDS.settings.quitTitle, quitting(app)),
      h("div", { class: "beneath" }, helpLink()),
    ),
  };
}

/**
 * For the curious: five paces, and which of them feels good to both.
 * @param {import("../app.js").App} app
 */
function ourPace(app) {
  const choose = () => {
    app.go("home");
    app.send("choose", {
      practice: "our-pace", minutes: null, length: null, without_breathing: false,
    });
  };
  return h(
    "div", {},
    h("p", { class: "lead" }, WORDS.settings.paceLead),
    h("div", { class: "buttons" }, quietButton(WORDS.settings.paceGo, choose)),
  );
}

/**
 * A therapist's list of couples is a program of its own, with a passphrase of its own.
 * @param {import("../app.js").App} app
 */
function forTherapists(app) {
  const told = h("p", { class: "small", "aria-live": "polite" });
  const open = async () => {
    const { why } = await app.ask("for-therapists", {});
    say(told, !why ? WORDS.settings.therapistOpens
      : why === "practising" ? WORDS.lock.practising : WORDS.settings.therapistNot);
  };
  return h(
    "div", {},
    h("p", { class: "lead" }, WORDS.settings.therapistLead),
    h("div", { class: "buttons" }, quietButton(WORDS.settings.therapistGo, open), told),
  );
}

/**
 * Without a terminal, this page ends coreg; it says so itself once nobody answers.
 * @param {import("../app.js").App} app
 */
function quitting(app) {
  const told = h("p", { class: "small", "aria-live": "polite" });
  const quit = async () => {
    say(told, "");
    const { why } = await app.ask("quit", {});
    if (why === "practising") say(told, WORDS.lock.practising);
  };
  return h(
    "div", {},
    h("p", { class: "lead" }, WORDS.settings.quitLead),
    h("div", { class: "buttons" }, quietButton(WORDS.settings.quit, quit), told),
  );
}

/**
 * What the two are called, to be changed; nobody has to write a name.
 * @param {import("../app.js").App} app
 * @param {any} state
 */
function ownNames(app, state) {
  const fields = { A: nameField("A", state), B: nameField("B", state) };
  const names = () => ({
    A: fields.A.input.value.trim(), B: fields.B.input.value.trim(),
  });
  const kept = keeping(app, names);
  const told = h("p", { class: "small", "aria-live": "polite" });
  const save = async () => {
    say(told, "");
    if ((await kept.send([asking("names", names())])) === null) {
      say(told, WORDS.settings.namesSaved);
    }
  };
  const element = h(
    "form", { onSubmit: (/** @type {Event} */ event) => { event.preventDefault(); save(); } },
    h("div", { class: "pair names" }, fields.A.element, fields.B.element),
    kept.element,
    h("div", { class: "buttons" }, quietButton(WORDS.settings.namesSave, save), told),
  );
  return { ...kept, element };
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
 * For how long evenings are kept.
 * @param {import("../app.js").App} app
 * @param {any} state
 */
function keepFor(app, state) {
  const options = Object.entries(WORDS.settings.keepFor).map(([days, words]) =>
    h("option", { value: days, selected: Number(days) === state.keep_days }, words),
  );
  const select = /** @type {HTMLSelectElement} */ (
    h("select", {
      onChange: () => app.send("keep-for", { days: Number(select.value) }),
    }, ...options)
  );
  return h(
    "label", { class: "field" },
    h("span", {}, WORDS.settings.keepLabel), select,
    h("span", { class: "small" }, WORDS.settings.keepHint),
  );
}

/** In which language this browser's pages are. */
function languages() {
  const options = Object.entries(WORDS.settings.languages).map(([language, words]) =>
    h("option", { value: language, selected: language === chosenLanguage() }, words),
  );
  const select = /** @type {HTMLSelectElement} */ (
    h("select", {
      onChange: () => {
        chooseLanguage(select.value);
        location.reload();
      },
    }, ...options)
  );
  return h(
    "label", { class: "field" }, h("span", {}, WORDS.settings.languageLabel), select,
  );
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
function eraseButtons(app, state) {
  const told = h("p", { class: "needed", "aria-live": "polite" });
  const partners = /** @type {("A"|"B")[]} */ (["A", "B"]).map((partner) => {
    const name = nameOf(state, partner);
    return quietButton(fill(WORDS.settings.erase[partner], { name }), () =>
      eraseOwn(app, partner, {
        title: fill(WORDS.settings.confirmTitle.partner, { name }),
        lead: [
          WORDS.settings.confirmLead.partner, WORDS.settings.copies,
          ...(state.with_therapist ? [WORDS.settings.eraseInClinic] : []),
        ],
      }, (words) => say(told, words)),
      FOR_GOOD,
    );
  });
  const everything = quietButton(WORDS.settings.erase.everything, () =>
    confirmErase({
      title: WORDS.settings.confirmTitle.everything,
      lead: [WORDS.settings.confirmLead.everything, WORDS.settings.copies],
      typed: true,
      yes: () => app.send("erase", { what: "everything", confirm: "erase" }),
    }),
    FOR_GOOD,
  );
  if (!state.with_therapist) {
    return h("div", {}, h("div", { class: "buttons" }, ...partners, everything), told);
  }
  return h(
    "div", {},
    h("div", { class: "buttons" }, ...partners), told,
    h("p", { class: "small" }, WORDS.settings.notHere),
  );
}
