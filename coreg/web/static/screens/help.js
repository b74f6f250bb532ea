/** People to call, from anywhere: over the page, and nothing of it is saved or sent. */

import { h, linkButton, quietButton } from "../dom.js";
import { understoodPlaces } from "../messages.js";
import { fetchKeyed } from "../page_key.js";
import { fill, LANGUAGE, WORDS } from "../words.js";
import { cardsLink } from "./cards.js";

/** A way to help, as quiet as it can be and always there. */
export function helpLink() {
  return linkButton(WORDS.help.open, openHelp);
}

function openHelp() {
  const places = h("div", { class: "countries" });
  const asOf = h("p", { class: "small" });
  fetchKeyed("/places")
    .then((answer) => answer.json())
    .then((told) => {
      const list = understoodPlaces(told);
      asOf.textContent = fill(WORDS.help.asOf, { date: list.as_of });
      places.append(...countries(list.places));
    })
    .catch(() => { asOf.textContent = WORDS.help.missing; });
  const dialog = /** @type {HTMLDialogElement} */ (
    h(
      "dialog", { class: "help", "aria-label": WORDS.help.title, onClose: () => dialog.remove() },
      h("h2", {}, WORDS.help.title),
      h("p", {}, WORDS.help.danger),
      h("p", {}, WORDS.help.lead),
      places,
      asOf,
      h("div", { class: "buttons" }, quietButton(WORDS.help.back, () => dialog.close()), cardsLink()),
    )
  );
  document.body.append(dialog);
  dialog.showModal();
}

/**
 * @typedef {{where: string, name: string, number: string, for_whom: string,
 *   by_text: string}} Place
 */

/**
 * A part for each country, this computer's own first and open.
 * @param {Place[]} places
 */
function countries(places) {
  /** @type {Map<string, Place[]>} */
  const byCountry = new Map();
  for (const place of places) {
    byCountry.set(place.where, [...(byCountry.get(place.where) ?? []), place]);
  }
  const here = countryHere();
  const all = [...byCountry];
  const sorted = [
    ...all.filter(([where]) => where === here), ...all.filter(([where]) => where !== here),
  ];
  const isShort = byCountry.size === 1; // a list of one's own, of places nearby
  return sorted.map(([where, those]) =>
    h(
      "details", { open: where === here || isShort },
      h("summary", {}, where),
      h("ul", { class: "list places" }, those.map(placeLine)),
    ),
  );
}

/** The country of this browser's language, as the list has it. */
function countryHere() {
  const region = new Intl.Locale(navigator.language).region;
  return region ? new Intl.DisplayNames([LANGUAGE], { type: "region" }).of(region) : null;
}

/** @param {Place} place */
function placeLine({ name, number, for_whom, by_text }) {
  return h(
    "li", {},
    h("span", {}, h("span", {}, name), h("span", { class: "small" }, ` ${for_whom}`)),
    h(
      "span", { class: "reach" },
      number && h("a", { href: `tel:${number.replace(/[^\d+]/g, "")}` }, number),
      by_text && h("span", { class: "small" }, by_text),
    ),
  );
}
