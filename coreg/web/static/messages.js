/**
 * What the server may say: every message is read before anything believes it.
 *
 * What there is to be read is defined by the server (wire.js). A reader returns what it
 * understands of a value, or undefined where it understands nothing of it. Where a page
 * can do without, it goes on with what the definition says instead, so that a page that
 * was open before coreg was updated survives a newer server; fields that it does not
 * know are left out. Only what nothing can be done without, such as the times of a
 * breath, leaves a message aside as a whole.
 */

import { ANSWERS, MESSAGES, OBJECTS } from "./wire.js";

/**
 * What a value may be; each kind of `is` has its own of these.
 * @typedef {{is: string, [limit: string]: any}} Shape
 */
/** @typedef {(value: any, shape: Shape) => any} Reader */

const TEXT_MOST = 4000;
const MANY_MOST = 1000;

/** @param {any} value */
const isObject = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** @type {Reader} */
const number = (value, { above = -Infinity, least = -Infinity, most = Infinity }) =>
  Number.isFinite(value) && value > above && value >= least && value <= most
    ? value
    : undefined;

/** @type {Reader} */
const text = (value, { pattern }) =>
  typeof value === "string" && (!pattern || new RegExp(`^(?:${pattern})$`).test(value))
    ? value.slice(0, TEXT_MOST)
    : undefined;

/**
 * Those of a list that are understood.
 * @type {Reader}
 */
const listOf = (value, { of }) =>
  Array.isArray(value)
    ? value
      .slice(0, MANY_MOST)
      .map((each) => read(of, each))
      .filter((each) => each !== undefined)
    : undefined;

/**
 * The same of each of these keys, of those that are understood.
 * @type {Reader}
 */
const eachOf = (value, { keys, of }) => {
  if (!isObject(value)) return undefined;
  const all = keys.map((/** @type {string} */ key) => [key, read(of, value[key])]);
  return Object.fromEntries(all.filter((/** @type {any[]} */ [, known]) => known !== undefined));
};

/**
 * An object of these fields; nothing, where one without which there is none is not
 * understood.
 * @type {Reader}
 */
const object = (value, { of }) => {
  if (!isObject(value)) return undefined;
  const fields = Object.entries(/** @type {Record<string, Shape>} */ (known(OBJECTS, of)));
  const all = fields.map(([name, shape]) => [name, read(shape, value[name])]);
  const found = Object.fromEntries(all);
  const fits = fields.every(
    ([name, { less_than: other }]) => !other || found[name] < found[other],
  );
  return fits && all.every(([, field]) => field !== undefined) ? found : undefined;
};

/** @type {Record<string, Reader>} */
const READERS = {
  "yes-no": (value) => (typeof value === "boolean" ? value : undefined),
  whole: (value, shape) => (Number.isInteger(value) ? number(value, shape) : undefined),
  number,
  text,
  word: (value, { words }) => (words.includes(value) ? value : undefined),
  list: listOf,
  each: eachOf,
  object,
};

/**
 * What stands at this name, and nothing that every object has by itself.
 * @param {Record<string, any>} all
 * @param {string} name
 */
const known = (all, name) => (Object.hasOwn(all, name) ? all[name] : undefined);

/**
 * What is understood of a value, or what to go on with where nothing is.
 * @param {Shape} shape
 * @param {any} value
 * @returns {any}
 */
function read(shape, value) {
  if (shape.null && (value === null || value === undefined)) return null;
  return READERS[shape.is](value, shape) ?? shape.or;
}

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
  const of = typeof type === "string" ? known(MESSAGES, type) : undefined;
  const found = of && object(message, { is: "object", of });
  return found ? { type, ...found } : null;
}

/**
 * Those of the earlier evenings that are understood.
 * @param {any} told
 */
export function understoodEvenings(told) {
  return read(ANSWERS["/evenings"], told);
}

/**
 * Those of both's lines that are understood.
 * @param {any} told
 */
export function understoodLines(told) {
  return read(ANSWERS["/lines"], told);
}

/**
 * @typedef {object} Phones
 * @property {boolean} on
 * @property {string} words
 * @property {string} address
 * @property {string} fingerprint
 * @property {{seat: string, taken: boolean, here: boolean, address: string, picture: string}[]} places
 */

/**
 * How a phone comes in, and which are here.
 * @param {any} told
 * @returns {Phones}
 */
export function understoodPhones(told) {
  return read(ANSWERS["/phones"], told);
}

/**
 * Where to turn to, as far as it is understood.
 * @param {any} told
 */
export function understoodPlaces(told) {
  return read(ANSWERS["/places"], told);
}
