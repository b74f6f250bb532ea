/** Keeps the screen on during a practice, where the browser can. */

export class Wake {
  /** @type {WakeLockSentinel | null} */
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
      this.#lock = (await navigator.wakeLock?.request("screen")) ?? null;
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
