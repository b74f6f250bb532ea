/** First use, each alone: the words before anything else, then body and keeping. */

import { h, mainButton, quietButton, say, tick, title } from "../dom.js";
import { asking, keeping } from "../keeping.js";
import { WORDS } from "../words.js";
import { aloneLine, handOver } from "./hand.js";
import { helpLink } from "./help.js";

/** Each box, by its words, and what it agrees to. */
const PURPOSES = {
  rhythm: "heart_rhythm", doctor: "see_doctor", findPace: "find_pace",
  record: "record", show: "show_partner",
};

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function consent(app, state) {
  return handOver(
    state,
    async (replace) => {
      const { isTaken, agreed } = await app.ask("own-consent", { partner: state.turn });
      // Boxes that are blank because nothing was heard would take everything back.
      return isTaken ? safetyPage(app, state, agreed, replace) : null;
    },
    () => leave(app),
    quietButton(WORDS.consent.back, () => leave(app)),
  );
}

/**
 * Back where one came from; nothing is changed.
 * @param {import("../app.js").App} app
 */
function leave(app) {
  app.go("welcome"); // or Settings, where it was opened again: the server knows
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {any} agreed what this person agreed to before; null where nothing
 * @param {(page: import("../stage.js").Screen) => void} replace
 */
function safetyPage(app, state, agreed, replace) {
  const again = () => replace(safetyPage(app, state, agreed, replace));
  const kept = keeping(app, () => null);
  const notNow = () => kept.send([answer(state, "not-now", {})]);
  const yes = mainButton(WORDS.consent.yes, () => replace(detailsPage(app, state, agreed, again)));
  const element = h(
    "div", {},
    aloneLine(state),
    title(WORDS.consent.title),
    h(
      "div", { class: "plain" },
      h("p", {}, WORDS.consent.ifNot),
      h("p", {}, WORDS.consent.limits),
      h("p", {}, WORDS.consent.unsettle),
      agreed && h("p", {}, WORDS.consent.kept),
    ),
    !agreed && notAtHome(yes),
    kept.element,
    h(
      "div", { class: "buttons" },
      yes,
      quietButton(WORDS.consent.notNow, notNow),
      agreed && cancelButton(app, kept),
      helpLink(),
    ),
  );
  return { ...kept, element };
}

/**
 * What belongs in a therapist's room first. The tick is for this page alone: it is
 * neither sent nor saved.
 * @param {HTMLElement} yes is not offered where something fits
 */
function notAtHome(yes) {
  const then = h("p", { class: "needed", role: "status" });
  const { element, box } = tick(WORDS.consent.fits, WORDS.consent.fitsHint, {
    onChange: () => {
      say(then, box.checked ? WORDS.consent.fitsThen : "");
      yes.hidden = box.checked;
    },
  });
  return h(
    "section", { class: "part not-at-home" },
    h("h2", {}, WORDS.consent.fitsTitle),
    h("ul", {}, WORDS.consent.notAtHome.map((words) => h("li", {}, words))),
    element, then,
  );
}

/**
 * @param {import("../app.js").App} app
 * @param {{letGo: () => void}} kept
 */
function cancelButton(app, kept) {
  return quietButton(WORDS.consent.cancel, () => {
    kept.letGo();
    leave(app);
  });
}

/**
 * What was agreed to before stands as it was; what is changed here is all that changes.
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {any} agreed
 * @param {() => void} back to Not now, and to help
 */
function detailsPage(app, state, agreed, back) {
  /**
   * @param {keyof typeof PURPOSES} name
   * @param {string} [hint]
   */
  const box = (name, hint = "") =>
    tick(WORDS.consent[name], hint, { checked: Boolean(agreed?.[PURPOSES[name]]) });
  const adult = tick(WORDS.consent.adult, "", { checked: agreed !== null });
  const rhythm = box("rhythm", WORDS.consent.rhythmHint);
  const doctor = box("doctor", WORDS.consent.doctorHint);
  const find = box("findPace", WORDS.consent.findPaceHint);
  const record = box("record", WORDS.consent.recordHint);
  const show = box("show");
  const ticked = () => ({
    record: record.box.checked,
    show_partner: show.box.checked,
    heart_rhythm: rhythm.box.checked,
    see_doctor: doctor.box.checked,
    find_pace: find.box.checked,
  });
  const kept = keeping(app, ticked);
  const needed = h("p", { class: "needed", role: "status" });
  const done = () => {
    needed.textContent = adult.box.checked ? "" : WORDS.consent.adultNeeded;
    if (adult.box.checked) kept.send([answer(state, "yes", { adult: true, ...ticked() })]);
    else adult.box.focus();
  };
  const element = h(
    "div", {},
    aloneLine(state),
    title(agreed ? WORDS.consent.againTitle : WORDS.consent.detailsTitle),
    h("fieldset", {}, adult.element, needed),
    h(
      "fieldset", {},
      h("legend", {}, WORDS.consent.body), rhythm.element, doctor.element,
    ),
    h("fieldset", {}, h("legend", {}, WORDS.consent.pace), find.element),
    h("fieldset", {}, h("legend", {}, WORDS.consent.keep), record.element, show.element),
    kept.element,
    h(
      "div", { class: "buttons" },
      mainButton(WORDS.consent.done, done),
      agreed ? cancelButton(app, kept) : quietButton(WORDS.consent.back, back),
    ),
  );
  return { ...kept, element };
}

/**
 * @param {any} state
 * @param {"yes"|"not-now"} choice
 * @param {Record<string, boolean>} ticked
 */
function answer(state, choice, ticked) {
  return asking("consent", {
    partner: state.turn, choice, adult: false, record: false, show_partner: false,
    heart_rhythm: false, see_doctor: false, find_pace: false, ...ticked,
  });
}
