/** First use, each alone: the words before anything else, then body and keeping. */

import { h, linkButton, mainButton, quietButton, tick, title } from "../dom.js";
import { understoodPlaces } from "../messages.js";
import { fill, WORDS } from "../words.js";
import { aloneLine, handOver } from "./hand.js";

/**
 * @param {any} app
 * @param {any} state
 */
export function consent(app, state) {
  return handOver(state, (replace) => safetyPage(app, state, replace));
}

/**
 * @param {any} app
 * @param {any} state
 * @param {(page: HTMLElement) => void} replace
 */
function safetyPage(app, state, replace) {
  const again = () => replace(safetyPage(app, state, replace));
  return h(
    "div", {},
    aloneLine(state),
    title(WORDS.consent.title),
    h(
      "div", { class: "plain" },
      h("p", {}, WORDS.consent.ifNot),
      h("p", {}, WORDS.consent.limits),
      h("p", {}, WORDS.consent.unsettle),
      state.consented?.[state.turn] && h("p", {}, WORDS.consent.kept),
    ),
    h(
      "div", { class: "buttons" },
      mainButton(WORDS.consent.yes, () => replace(detailsPage(app, state))),
      quietButton(WORDS.consent.notNow, () => answer(app, state, "not-now", {})),
      linkButton(WORDS.consent.help, () => replace(helpPage(again))),
    ),
  );
}

/**
 * @param {any} app
 * @param {any} state
 */
function detailsPage(app, state) {
  const adult = tick(WORDS.consent.adult);
  const rhythm = tick(WORDS.consent.rhythm, WORDS.consent.rhythmHint);
  const doctor = tick(WORDS.consent.doctor, WORDS.consent.doctorHint);
  const find = tick(WORDS.consent.findPace, WORDS.consent.findPaceHint);
  const record = tick(WORDS.consent.record, WORDS.consent.recordHint);
  const show = tick(WORDS.consent.show);
  const needed = h("p", { class: "needed", role: "status" });
  const done = () => {
    if (!adult.box.checked) {
      needed.textContent = WORDS.consent.adultNeeded;
      adult.box.focus();
      return;
    }
    answer(app, state, "yes", {
      adult: true,
      record: record.box.checked,
      show_partner: show.box.checked,
      heart_rhythm: rhythm.box.checked,
      see_doctor: doctor.box.checked,
      find_pace: find.box.checked,
    });
  };
  return h(
    "div", {},
    aloneLine(state),
    title(WORDS.consent.detailsTitle),
    h("fieldset", {}, adult.element, needed),
    h(
      "fieldset", {},
      h("legend", {}, WORDS.consent.body), rhythm.element, doctor.element,
    ),
    h("fieldset", {}, h("legend", {}, WORDS.consent.pace), find.element),
    h("fieldset", {}, h("legend", {}, WORDS.consent.keep), record.element, show.element),
    h("div", { class: "buttons" }, mainButton(WORDS.consent.done, done)),
  );
}

/** @param {() => void} back */
function helpPage(back) {
  const places = h("ul", { class: "list places" });
  const asOf = h("p", { class: "small" });
  fetch("/places")
    .then((answer) => answer.json())
    .then((told) => {
      const list = understoodPlaces(told);
      asOf.textContent = fill(WORDS.consent.helpAsOf, { date: list.as_of });
      places.append(...list.places.map(placeLine));
    })
    .catch(() => { asOf.textContent = WORDS.consent.helpMissing; });
  return h(
    "div", {},
    title(WORDS.consent.helpTitle),
    h(
      "div", { class: "plain" },
      h("p", {}, WORDS.consent.helpDanger),
      h("p", {}, WORDS.consent.helpLead),
    ),
    places,
    asOf,
    h("div", { class: "buttons" }, quietButton(WORDS.settings.back, back)),
  );
}

/** @param {{where: string, name: string, number: string}} place */
function placeLine({ where, name, number }) {
  return h(
    "li", {},
    h("span", {}, h("span", {}, where), h("span", { class: "small" }, ` ${name}`)),
    h("a", { href: `tel:${number.replace(/\s/g, "")}` }, number),
  );
}

/**
 * @param {any} app
 * @param {any} state
 * @param {"yes"|"not-now"} choice
 * @param {Record<string, boolean>} ticked
 */
function answer(app, state, choice, ticked) {
  app.send("consent", {
    partner: state.turn, choice, adult: false, record: false, show_partner: false,
    heart_rhythm: false, see_doctor: false, find_pace: false, ...ticked,
  });
}
