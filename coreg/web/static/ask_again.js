/** A page of an evening is still being drawn: ask for it again, as it was asked for. */

const AGAIN_AFTER_MS = 1000;

setTimeout(() => document.forms[0].submit(), AGAIN_AFTER_MS);
