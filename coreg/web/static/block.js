/** The part of a practice that is under way, and whether it is the one of before. */

/**
 * Whether two states stand in the same part. In one hour several practices may follow one
 * another, each with parts counted from 0: what a part is called tells them apart.
 * @param {any} one a state, or none
 * @param {any} other
 */
export function isSamePart(one, other) {
  return partKey(one) === partKey(other);
}

/** @param {any} state */
export function partKey(state) {
  const block = state?.block;
  return block ? `${block.number} ${block.name}` : "";
}
