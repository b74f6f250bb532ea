/**
 * What the server may say: every message is looked at before anything believes it.
 *
 * A shape is a function from a value to whether it fits. Fields we do not know are let
 * through, so that an older page survives a newer server; a missing or wrong one is not.
 */

/** @typedef {(value: any) => boolean} Fits */

export const SCREENS = [
  "welcome", "consent", "home", "fit", "question", "arrive", "breathe", "rest",
  "words", "pause", "look-back", "evenings", "settings", "gone",
];
const SIGNALS = ["good", "dry", "silent", "searching"];
const PACINGS = ["gliding", "finding", "staying", "holding", "quicker", "no slower"];
const TEXT_MOST = 4000;
const MANY_MOST = 1000;

/** @type {Fits} */
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
/** @type {Fits} */
const isPositive = (value) => isNumber(value) && value > 0;
/** @type {Fits} */
const isShare = (value) => isNumber(value) && value >= 0 && value <= 1;
/** @type {Fits} */
const isText = (value) => typeof value === "string" && value.length <= TEXT_MOST;
/** @type {Fits} */
const isYesNo = (value) => typeof value === "boolean";

/** @param {any[]} values @returns {Fits} */
const oneOf = (values) => (value) => values.includes(value);
/** @param {Fits} fits @returns {Fits} */
const orNull = (fits) => (value) => value === null || fits(value);
/** @param {Fits} fits @returns {Fits} */
const maybe = (fits) => (value) => value === undefined || value === null || fits(value);
/** @param {Fits} fits @returns {Fits} */
const listOf = (fits) => (value) =>
  Array.isArray(value) && value.length <= MANY_MOST && value.every(fits);
/** @param {Record<string, Fits>} fields @returns {Fits} */
const shape = (fields) => (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
  && Object.entries(fields).every(([name, fits]) => fits(value[name]));

/** How many minutes each length lasts. @type {Fits} */
const isMinutes = (value) =>
  typeof value === "object" && !Array.isArray(value)
  && Object.values(value).every(isPositive);

const isPartner = oneOf(["A", "B"]);
/** Only pages of our own server may be opened from a message. @type {Fits} */
const isOwnPath = (value) => isText(value) && /^\/evenings\/[\w/.-]+(\?[\w=&-]*)?$/.test(value);

const BREATH = {
  t_s: isNumber,
  period_s: isPositive,
  inhale_s: isPositive,
};
/** @type {Fits} */
const isBreath = (value) => shape(BREATH)(value) && value.inhale_s < value.period_s;

const isStrap = shape({
  id: isText,
  name: isText,
  model: maybe(isText),
  ends: maybe(isText),
  partner: orNull(isPartner),
  hr_bpm: orNull(isPositive),
  trace: listOf(orNull(isNumber)),
  arrives: isYesNo,
  signal: oneOf(SIGNALS),
  remembered: maybe(isYesNo),
  words: maybe(isText),
});

const isPerson = shape({ name: isText });

/** @type {Record<string, Fits>} */
const KNOWN = {
  state: shape({
    v: oneOf([1]),
    server_s: isNumber,
    screen: oneOf(SCREENS),
    simulated: isYesNo,
    couple: orNull(shape({ A: isPerson, B: isPerson })),
    turn: orNull(isPartner),
    practice: maybe(
      shape({
        title: isText,
        minutes: isPositive,
        own_pace: maybe(isYesNo),
        length: maybe(isText),
        lengths: maybe(isMinutes),
      }),
    ),
    block: maybe(shape({ kind: isText, words: maybe(isText) })),
    paused: isYesNo,
    breath: orNull(isBreath),
    next_breath: orNull(isBreath),
    pacing: maybe(oneOf(PACINGS)),
    asks: maybe(isYesNo),
    taps: maybe(isYesNo),
    pace: maybe(
      shape({
        way: oneOf(["find", "six", "set"]), per_min: isPositive, in_out: isText,
        may_find: isYesNo,
      }),
    ),
    notices: listOf(shape({ id: isText, words: isText })),
    recording: maybe(shape({ ok: isYesNo, words: maybe(isText) })),
    ending: maybe(isText),
    consented: maybe(shape({ A: isYesNo, B: isYesNo })),
    sound: isYesNo,
    pause: maybe(shape({ way: maybe(isText), back_server_s: maybe(isNumber) })),
    look: maybe(
      shape({
        page: maybe(isOwnPath),
        own: maybe(shape({ A: maybe(isOwnPath), B: maybe(isOwnPath) })),
      }),
    ),
  }),
  hearts: shape({ straps: listOf(isStrap) }),
  breath: isBreath,
  glint: shape({ t_s: isNumber }),
  "pacer-stopped": shape({ t_s: isNumber }),
  warmth: shape({ value: orNull(isShare) }),
  pong: shape({ id: isNumber, server_s: isNumber }),
  refused: shape({ why: isText }),
};

/**
 * The message in `text`, or null where it is none we know.
 * @param {unknown} text
 * @returns {any}
 */
export function understood(text) {
  if (typeof text !== "string") return null;
  let message;
  try {
    message = JSON.parse(text);
  } catch {
    return null;
  }
  const fits = Object.hasOwn(KNOWN, message?.type ?? "") && KNOWN[message.type];
  return fits && fits(message) ? message : null;
}
