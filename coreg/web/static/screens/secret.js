/** A field for what nobody else should read, and a form that does not leave its page. */

import { h } from "../dom.js";

/**
 * A field whose signs are hidden. Not of the type "password": a browser would offer to
 * keep it, for whoever comes next.
 * @param {string} words
 */
export function secretField(words) {
  const input = /** @type {HTMLInputElement} */ (
    h("input", {
      type: "text", class: "secret", maxlength: 200, autocomplete: "off",
      autocapitalize: "off", autocorrect: "off", spellcheck: "false",
    })
  );
  return { element: h("label", { class: "field" }, h("span", {}, words), input), input };
}

/** @param {() => void} done */
export function stopped(done) {
  return (/** @type {Event} */ event) => {
    event.preventDefault();
    done();
  };
}
