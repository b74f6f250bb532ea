/**
 * Settings: phones of the house. Off until both want it; then a code for each place.
 *
 * What stands here changes by itself (a code ends, a phone comes), so it is asked for
 * again while somebody looks at it.
 */

import { h, quietButton, say } from "../dom.js";
import { understoodPhones } from "../messages.js";
import { fetchKeyed } from "../page_key.js";
import { fill, nameOf, WORDS } from "../words.js";

const AGAIN_MS = 2000;

/** @typedef {import("../messages.js").Phones} Phones */

/** @param {any} state */
export function phonesPart(state) {
  const told = h("p", { class: "needed", "aria-live": "polite" });
  const places = h("ul", { class: "list phone-places" });
  const warns = h("p", {});
  const print = h("p", { class: "fingerprint" });
  const hints = h(
    "div", { class: "small phone-hints" },
    h("p", {}, WORDS.phones.how), warns, print,
  );
  const turn = quietButton(WORDS.phones.on, () => ask(isOn ? "/off" : "/on"));
  const element = h(
    "div", {},
    h("p", { class: "lead" }, state.seat === "therapist" ? WORDS.console.phonesLead : WORDS.phones.lead), hints, places, told,
    h("div", { class: "buttons" }, turn),
  );
  let isOn = false;
  let shown = "";
  /** @param {Phones} now */
  const show = (now) => {
    isOn = now.on;
    say(told, now.words);
    say(turn, isOn ? WORDS.phones.off : WORDS.phones.on);
    hints.hidden = !isOn;
    say(warns, fill(WORDS.phones.warns, { address: now.address }));
    say(print, fill(WORDS.phones.fingerprint, { fingerprint: now.fingerprint }));
    const key = JSON.stringify(now.places);
    if (key === shown) return; // a code that somebody is scanning stays where it is
    shown = key;
    places.replaceChildren(...now.places.map((place) => placeOf(state, place, free)));
  };
  /** @param {string} what */
  const ask = async (what) => {
    try {
      const answer = await fetchKeyed(`/phones${what}`, what ? { method: "POST" } : {});
      if (answer.ok) show(understoodPhones(await answer.json()));
    } catch {
      if (what) say(told, WORDS.hand.later);
    }
  };
  /** @param {string} seat */
  const free = (seat) => ask(`/free/${seat}`);
  hints.hidden = true;
  ask("");
  const timer = setInterval(() => ask(""), AGAIN_MS);
  return { element, leave: () => clearInterval(timer) };
}

/**
 * @param {any} state
 * @param {Phones["places"][number]} place
 * @param {(seat: string) => void} free
 */
function placeOf(state, { seat, taken, here, address, picture }, free) {
  const name = seat === "A" || seat === "B"
    ? fill(WORDS.phones.of, { name: nameOf(state, seat) }) : WORDS.phones.ofLight;
  if (taken) {
    return h(
      "li", { "data-seat": seat },
      h("p", {}, name),
      h("p", { class: "small" }, here ? WORDS.phones.here : WORDS.phones.asleep),
      quietButton(WORDS.phones.free, () => free(seat), {
        "aria-label": fill(WORDS.phones.freeLabel, { place: name }),
      }),
    );
  }
  return h(
    "li", { "data-seat": seat },
    h("p", {}, name),
    picture && h("img", {
      class: "code", src: picture, alt: fill(WORDS.phones.code, { place: name }),
    }),
    h("details", {}, h("summary", {}, WORDS.phones.typed), h("code", {}, address)),
  );
}
