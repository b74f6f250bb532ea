/** Ask before something is gone for good; a typed word where it is a lot. */

import { h, mainButton, quietButton } from "../dom.js";
import { WORDS } from "../words.js";

/**
 * @param {{title: string, lead: string[], typed: boolean, yes: () => void}} what
 */
export function confirmErase({ title, lead, typed, yes }) {
  const input = /** @type {HTMLInputElement} */ (
    h("input", { type: "text", autocomplete: "off", autocapitalize: "off" })
  );
  const erase = mainButton(WORDS.settings.yes, () => { yes(); dialog.close(); }, {
    class: "main erase", disabled: typed,
  });
  input.addEventListener("input", () => {
    const isSure = input.value.trim().toLowerCase() === WORDS.settings.word;
    erase.toggleAttribute("disabled", !isSure);
  });
  const dialog = /** @type {HTMLDialogElement} */ (
    h(
      "dialog", { "aria-label": title, onClose: () => dialog.remove() },
      h("h2", {}, title),
      lead.map((words) => h("p", {}, words)),
      typed && h("label", { class: "field" }, h("span", {}, WORDS.settings.type), input),
      h(
        "div", { class: "buttons" },
        quietButton(WORDS.settings.keep, () => dialog.close()), erase,
      ),
    )
  );
  document.body.append(dialog);
  dialog.showModal();
}
