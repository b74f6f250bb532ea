/**
 * Pages of evenings, each in a tab of its own.
 *
 * Such a tab has no page's key and runs no script. So a link to one is followed by a
 * form that holds the key: it stands in no address, and no history keeps it.
 */

import { h } from "./dom.js";
import { pageKey } from "./page_key.js";

const OF_EVENINGS = "/evenings/";
const LEFT_OR_MIDDLE = [0, 1];

/**
 * Open a page of an evening in a new tab.
 * @param {string} path
 */
export function openEveningTab(path) {
  const form = /** @type {HTMLFormElement} */ (
    h(
      "form", { method: "post", action: path, target: "_blank", rel: "noopener", hidden: true },
      h("input", { type: "hidden", name: "page-key", value: pageKey() }),
    )
  );
  document.body.append(form);
  form.submit();
  form.remove();
}

/** Have every link to a page of an evening opened so, whichever screen shows it. */
export function openLinksInEveningTabs() {
  for (const press of ["click", "auxclick"]) document.addEventListener(press, follow);
}

/** @param {Event} event */
function follow(event) {
  const { target, button } = /** @type {MouseEvent} */ (event);
  const link = /** @type {Element} */ (target).closest?.("a[href]");
  const path = link?.getAttribute("href") ?? "";
  if (!path.startsWith(OF_EVENINGS) || !LEFT_OR_MIDDLE.includes(button)) return;
  event.preventDefault();
  openEveningTab(path);
}
