/** Keeps the screen on during a practice, where the browser can. */

/** @typedef {{release: () => Promise<void>}} Lock */
/** @typedef {Navigator & {wakeLock?: {request: (of: "screen") => Promise<Lock>}}} Able */

/** Whether this browser can keep its screen on; else somebody has to. */
export const canStayAwake = () => "wakeLock" in navigator;

export class Wake {
  /** @type {Lock | null} */
  #lock = null;
  #wanted = false;

  constructor() {
    // A lock is lost when the page is hidden; ask again when it is back.
    document.addEventListener("visibilitychange", () => this.#ask());
  }

  /** @param {boolean} wanted */
  want(wanted) {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    if (wanted) this.#ask();
    else this.#release();
  }

  async #ask() {
    if (!this.#wanted || document.visibilityState !== "visible") return;
    try {
      const able = /** @type {Able} */ (navigator);
      this.#lock = (await able.wakeLock?.request("screen")) ?? null;
    } catch {
      this.#lock = null; // battery saver or no screen: nothing to be done about it
    }
    if (!this.#wanted) this.#release();
  }

  #release() {
    this.#lock?.release().catch(() => {});
    this.#lock = null;
  }
}
