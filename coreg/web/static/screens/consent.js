/** First use, each alone: the words before anything else, then body and keeping. */

import { h, mainButton, quietButton, say, tick, title } from "../dom.js";
import { asking, keeping } from "../keeping.js";
import { WORDS } from "../words.js";
import { aloneLine, handOver } from "./hand.js";
import { helpLink } from "./help.js";
import { behindPasscode, lastHere, lockAgain } from "./passcode.js";

/** @typedef {import("../stage.js").Screen} Screen */
/** @typedef {import("./passcode.js").Unlocked} Unlocked */
/**
 * What this person agreed to before (null where nothing), and how they came in.
 * @typedef {{agreed: any, unlocked: Unlocked}} Known
 */

/** Each box, by its words, and what it agrees to. */
const PURPOSES = {
  rhythm: "heart_rhythm", doctor: "see_doctor", findPace: "find_pace",
  movement: "movement", ecg: "ecg",
  record: "record", show: "show_partner", showTherapist: "show_therapist",
};

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function consent(app, state) {
  const back = () => leave(app);
  return handOver(
    state,
    // Everybody has a passcode first, whatever they then say: so it tells nothing.
    (replace) => behindPasscode(
      app, state, replace, (unlocked) => safetyOf(app, state, unlocked, replace), back,
    ),
    back,
    quietButton(WORDS.consent.back, back),
  );
}

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {Unlocked} unlocked
 * @param {(page: Screen) => void} replace
 * @returns {Promise<Screen | null>}
 */
async function safetyOf(app, state, unlocked, replace) {
  const { isTaken, agreed } = await app.ask("own-consent", { partner: state.turn });
  // Boxes that are blank because nothing was heard would take everything back.
  return isTaken ? safetyPage(app, state, { agreed, unlocked }, replace) : null;
}

/**
 * Answer; where it was locked meanwhile, the passcode is asked for again and the page
 * comes back as it was.
 * @param {import("../app.js").App} app
 * @param {any} state
 * @param {{send: (asked: import("../keeping.js").Asking[]) => Promise<string | null>}} kept
 * @param {import("../keeping.js").Asking} asked
 * @param {() => Screen} page
 * @param {(page: Screen) => void} replace
 */
async function send(app, state, kept, asked, page, replace) {
  const why = await kept.send([asked]);
  if (why !== "locked") return;
  const again = () => replace(page());
  replace(behindPasscode(app, state, replace, page, again));
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
 * @param {Known} known
 * @param {(page: Screen) => void} replace
 * @returns {Screen}
 */
function safetyPage(app, state, known, replace) {
  const { agreed } = known;
  const here = () => page;
  const again = () => replace(safetyPage(app, state, known, replace));
  const kept = keeping(app, () => null);
  const notNow = () =>
    send(app, state, kept, answer(state, "not-now", {}), here, replace);
  const yes = mainButton(WORDS.consent.yes, () => replace(
    detailsPage(app, state, known, again, replace),
  ));
  const element = h(
    "div", {},
    aloneLine(state),
    title(WORDS.consent.title),
    lastHere(known.unlocked),
    h(
      "div", { class: "plain" },
      h("p", {}, WORDS.consent.ifNot),
      h("p", {}, WORDS.consent.limits),
      h("p", {}, WORDS.consent.unsettle),
      agreed && h("p", {}, WORDS.consent.kept),
      state.paused && h("p", {}, WORDS.consent.keptTonight),
    ),
    !agreed && notAtHome(yes),
    kept.element,
    h(
      "div", { class: "buttons" },
      yes,
      quietButton(WORDS.consent.notNow, notNow),
      (agreed || state.paused) && cancelButton(app, kept),
      helpLink(),
    ),
  );
  const page = { ...kept, element, leave: () => lockAgain(app) };
  return page;
}

/**
 * What belongs in a therapist's room first. The tick is for this page alone: it is
 * neither sent nor saved.
 * @param {HTMLElement} yes is not offered where something fits
 */
function notAtHome(yes) {
  const then = h("p", { class: "needed", "aria-live": "polite" });
  const help = helpLink();
  help.hidden = true;
  const { element, box } = tick(WORDS.consent.fits, WORDS.consent.fitsHint, {
    onChange: () => {
      say(then, box.checked ? WORDS.consent.fitsThen : "");
      help.hidden = !box.checked;
      yes.hidden = box.checked;
    },
  });
  return h(
    "section", { class: "part not-at-home" },
    h("h2", {}, WORDS.consent.fitsTitle),
    h("ul", {}, WORDS.consent.notAtHome.map((words) => h("li", {}, words))),
    element, then, help,
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
 * @param {Known} known
 * @param {() => void} back to Not now, and to help
 * @param {(page: Screen) => void} replace
 * @returns {Screen}
 */
function detailsPage(app, state, { agreed }, back, replace) {
  const here = () => page;
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
  const movement = box("movement", WORDS.consent.movementHint);
  const ecg = box("ecg", WORDS.consent.ecgHint);
  // ECG is for an hour with a therapist; who agreed to it there takes it back anywhere.
  const asksEcg = state.with_therapist || Boolean(agreed?.ecg);
  const record = box("record", WORDS.consent.recordHint);
  const show = box("show");
  const therapist = box("showTherapist", WORDS.consent.showTherapistHint);
  const ticked = () => ({
    record: record.box.checked,
    show_partner: show.box.checked,
    heart_rhythm: rhythm.box.checked,
    see_doctor: doctor.box.checked,
    find_pace: find.box.checked,
    movement: movement.box.checked,
    ecg: ecg.box.checked,
    show_therapist: therapist.box.checked,
  });
  const kept = keeping(app, ticked);
  const needed = h("p", { class: "needed", "aria-live": "polite" });
  const done = () => {
    needed.textContent = adult.box.checked ? "" : WORDS.consent.adultNeeded;
    const yes = answer(state, "yes", { adult: true, ...ticked() });
    if (adult.box.checked) send(app, state, kept, yes, here, replace);
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
    h(
      "fieldset", {},
      h("legend", {}, WORDS.consent.strap),
      movement.element, asksEcg && ecg.element,
      h("p", { class: "small" }, WORDS.consent.strapKept),
    ),
    h(
      "fieldset", {},
      h("legend", {}, WORDS.consent.keep),
      record.element, show.element, therapist.element,
    ),
    kept.element,
    h(
      "div", { class: "buttons" },
      mainButton(WORDS.consent.done, done),
      agreed ? cancelButton(app, kept) : quietButton(WORDS.consent.back, back),
    ),
    h("div", { class: "beneath" }, helpLink()),
  );
  const page = { ...kept, element, leave: () => lockAgain(app) };
  return page;
}

/**
 * @param {any} state
 * @param {"yes"|"not-now"} choice
 * @param {Record<string, boolean>} ticked
 */
function answer(state, choice, ticked) {
  return asking("consent", {
    partner: state.turn, choice, adult: false, record: false, show_partner: false,
    heart_rhythm: false, see_doctor: false, find_pace: false, show_therapist: false,
    movement: false, ecg: false,
    ...ticked,
  });
}
