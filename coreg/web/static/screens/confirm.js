/** Ask before something is gone for good; a typed word where it is a lot. */

import { h, linkButton, mainButton, quietButton, say } from "../dom.js";
import { WORDS } from "../words.js";

/**
 * @param {{
 *   title: string, lead: string[], typed: boolean,
 *   yes: () => unknown,
 *   proof?: { element: HTMLElement, forgot: () => void },
 * }} what `yes` may say in words why it is not done; `proof` is whose passcode it takes
 */
export function confirmErase({ title, lead, typed, yes, proof }) {
  const input = /** @type {HTMLInputElement} */ (
    h("input", { type: "text", autocomplete: "off", autocapitalize: "off" })
  );
  const told = h("p", { class: "needed", "aria-live": "polite" });
  const done = async () => {
    const why = await yes();
    if (typeof why === "string" && why) say(told, why);
    else dialog.close();
  };
  const erase = mainButton(WORDS.settings.yes, done, {
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
      proof && proof.element,
      typed && h("label", { class: "field" }, h("span", {}, WORDS.settings.type), input),
      told,
      h(
        "div", { class: "buttons" },
        quietButton(WORDS.settings.keep, () => dialog.close()), erase,
      ),
      proof && linkButton(WORDS.passcode.forgot, () => { dialog.close(); proof.forgot(); }),
    )
  );
  document.body.append(dialog);
  dialog.showModal();
}
