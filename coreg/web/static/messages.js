/**
 * What the server may say: every message is read before anything believes it.
 *
 * A reader returns what it understands of a value, or undefined where it understands
 * nothing of it. Where a page can do without (`or`), it goes on as if nothing had been
 * said there, so that a page that was open before coreg was updated survives a newer
 * server; fields that it does not know are left out. Only what nothing can be done
 * without, such as the times of a breath, leaves a message aside as a whole.
 */

/** @typedef {(value: any) => any} Reader */

/** In the place of a screen or a turn that this page does not know. */
export const NEW = "new";

const SCREENS = [
  "welcome", "consent", "home", "fit", "question", "arrive", "breathe", "rest",
  "words", "pause", "look-back", "evenings", "settings",
];
const PARTNERS = ["A", "B"];
const SIGNALS = ["good", "dry", "silent", "searching"];
const PACINGS = ["gliding", "finding", "staying", "holding", "quicker", "no slower"];
const LENGTHS = ["shorter", "usual", "longer"];
const SOURCES = ["straps", "simulated", "recordings"];
const PAUSE_WAYS = ["near", "apart", "someone"];
const TEXT_MOST = 4000;
const MANY_MOST = 1000;

/** @type {Reader} */
const number = (value) =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;
/** @type {Reader} */
const positive = (value) => (number(value) > 0 ? value : undefined);
/** @type {Reader} */
const share = (value) => (number(value) >= 0 && value <= 1 ? value : undefined);
/** @type {Reader} */
const text = (value) => (typeof value === "string" ? value.slice(0, TEXT_MOST) : undefined);
/** @type {Reader} */
const yesNo = (value) => (typeof value === "boolean" ? value : undefined);

/** @param {any[]} values @returns {Reader} */
const oneOf = (values) => (value) => (values.includes(value) ? value : undefined);

/**
 * What is understood, and something to go on with where nothing is.
 * @param {Reader} read
 * @param {any} otherwise
 * @returns {Reader}
 */
const or = (read, otherwise) => (value) => read(value) ?? otherwise;

/** Those of a list that are understood. @param {Reader} read @returns {Reader} */
const listOf = (read) => (value) =>
  Array.isArray(value)
    ? value.slice(0, MANY_MOST).map(read).filter((each) => each !== undefined)
    : undefined;

/** @param {any} value */
const isObject = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * An object of these fields; nothing, where one of them is not understood.
 * @param {Record<string, Reader>} fields
 * @returns {Reader}
 */
const shape = (fields) => (value) => {
  if (!isObject(value)) return undefined;
  const read = Object.entries(fields).map(([name, field]) => [name, field(value[name])]);
  return read.some(([, known]) => known === undefined) ? undefined : Object.fromEntries(read);
};

/** The same of both partners. @param {Reader} read @returns {Reader} */
const both = (read) => shape({ A: read, B: read });

const yes = or(yesNo, true);
const no = or(yesNo, false);
const words = or(text, "");

/** Whose: nobody's, or somebody's whom this page may not know. @type {Reader} */
const whose = (value) =>
  value === null || value === undefined ? null : or(oneOf(PARTNERS), NEW)(value);

/** Only pages of our own server may be opened from a message. @type {Reader} */
const ownPath = (value) =>
  /^\/evenings\/([\w/.~-]|%[\dA-F]{2})+(\?[\w=&-]*)?$/.test(text(value) ?? "")
    ? value
    : undefined;

/** How many minutes each length lasts. @type {Reader} */
const minutesEach = (value) =>
  isObject(value)
    ? Object.fromEntries(
      LENGTHS.filter((length) => positive(value[length])).map((each) => [each, value[each]]),
    )
    : undefined;

const TIMES = shape({ t_s: number, period_s: positive, inhale_s: positive });
/** @type {Reader} */
const breath = (value) => {
  const read = TIMES(value);
  return read && read.inhale_s < read.period_s ? read : undefined;
};

const STRAP = shape({
  id: text,
  name: words,
  model: words,
  ends: words,
  partner: whose,
  hr_bpm: or(positive, null),
  trace: or(listOf(or(number, null)), []),
  arrives: no,
  signal: or(oneOf(SIGNALS), null),
  remembered: no,
  words,
});

const PRACTICE = shape({
  name: words,
  title: words,
  purpose: words,
  minutes: or(positive, 0),
  length: or(oneOf(LENGTHS), null),
  lengths: or(minutesEach, {}),
  own_pace: no,
});

const OWN_PAGES = or(both(or(ownPath, null)), { A: null, B: null });
const LOOK = shape({ page: or(ownPath, null), own: OWN_PAGES });
/** Null says that there can be no page of this evening. @type {Reader} */
const look = (value) =>
  value === null ? null : or(LOOK, { page: null, own: { A: null, B: null } })(value);

/** @type {Record<string, Reader>} */
const KNOWN = {
  state: shape({
    server_s: or(number, null),
    screen: or(oneOf(SCREENS), NEW),
    simulated: no,
    source: or(oneOf(SOURCES), null),
    couple: or(both(or(shape({ name: words }), { name: "" })), null),
    consented: or(both(no), { A: false, B: false }),
    turn: whose,
    practice: or(PRACTICE, null),
    choices: or(listOf(PRACTICE), []),
    without_breathing: no,
    pace: or(
      shape({
        way: or(oneOf(["find", "six", "set"]), null),
        per_min: or(positive, null),
        in_out: or(oneOf(["40:60", "50:50"]), null),
        may_find: no,
      }),
      null,
    ),
    block: or(
      shape({ number: or(number, 0), name: words, words, waits: no }), null,
    ),
    paused: no,
    pause: or(
      shape({
        way: or(oneOf(PAUSE_WAYS), null), back_server_s: or(number, null), one_ready: no,
      }),
      null,
    ),
    breath: or(breath, null),
    next_breath: or(breath, null),
    pacing: or(oneOf(PACINGS), null),
    asks: no,
    taps: no,
    notices: or(listOf(shape({ id: words, words: text })), []),
    recording: or(shape({ ok: no, words }), { ok: true, words: "" }),
    look,
    sound: no,
    settings: or(shape({ warmth: yes }), { warmth: true }),
    straps: or(listOf(STRAP), []),
  }),
  hearts: shape({ straps: listOf(STRAP) }),
  breath,
  glint: shape({ t_s: number }),
  "pacer-stopped": shape({ t_s: or(number, null) }),
  warmth: shape({ value: or(share, null) }),
  pong: shape({ id: number, server_s: number }),
  refused: shape({ why: words, id: or(number, null) }),
  taken: shape({
    id: number,
    agreed: or(
      shape({
        record: no, show_partner: no, heart_rhythm: no, see_doctor: no, find_pace: no,
      }),
      null,
    ),
  }),
};

/**
 * What is understood of a message, or null where it is none we know.
 * @param {unknown} told
 * @returns {any}
 */
export function understood(told) {
  if (typeof told !== "string") return null;
  let message;
  try {
    message = JSON.parse(told);
  } catch {
    return null;
  }
  const type = message?.type;
  if (typeof type !== "string" || !Object.hasOwn(KNOWN, type)) return null;
  const read = KNOWN[type](message);
  return read ? { type, ...read } : null;
}

const EVENINGS = listOf(
  shape({
    id: text,
    when_utc: words,
    practice: words,
    length_s: or(number, null),
    simulated: no,
    words,
    page: or(ownPath, null),
    own: OWN_PAGES,
  }),
);

/** Those of the earlier evenings that are understood. @param {any} told */
export function understoodEvenings(told) {
  return or(EVENINGS, [])(told);
}

const PLACES = shape({
  as_of: words,
  places: listOf(shape({ where: words, name: words, number: text })),
});

/** Where to turn to, as far as it is understood. @param {any} told */
export function understoodPlaces(told) {
  return or(PLACES, { as_of: "", places: [] })(told);
}
