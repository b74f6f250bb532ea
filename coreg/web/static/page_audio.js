/**
 * The one way in which a page sounds. Browsers allow no sound before a tap or a key, and
 * nor do we: from the first one on it is ready.
 */

export class PageAudio {
  /** @type {AudioContext | null} */
  #audio = null;

  /**
   * Have it ready from the first tap or key on, and again after a phone slept.
   * @param {() => void} ready
   */
  listen(ready) {
    const first = () => this.allow().then(ready);
    for (const kind of ["pointerdown", "keydown"]) {
      addEventListener(kind, first, { capture: true, once: true });
    }
    document.addEventListener("visibilitychange", () => this.#audio?.resume());
  }

  /** Call it from a tap or a key, or the browser stays silent. */
  async allow() {
    this.#audio ??= new AudioContext();
    await this.#audio.resume();
  }

  /** What sounds, where this page may; else none. */
  get running() {
    return this.#audio?.state === "running" ? this.#audio : null;
  }
}
