"""Lines that are late by chance, and the clock by which a page breathes."""

CLOCK = """async () => {
  const {app} = await import("/static/main.js");
  const wall_s = () => (performance.timeOrigin + performance.now()) / 1000;
  return app.clock.known ? app.now_s() - wall_s() : null;
}"""
# Each way is delayed by chance (exponential, 30 ms on average), and nothing overtakes.
JITTER = """(() => {
  const late = () => {
    let last_ms = 0;
    return (what) => {
      const late_ms = -30 * Math.log(1 - Math.random());
      const due_ms = Math.max(last_ms, performance.now() + late_ms);
      last_ms = due_ms;
      setTimeout(what, due_ms - performance.now());
    };
  };
  const Real = WebSocket;
  window.WebSocket = class extends Real {
    #out = late();
    #back = late();
    set onmessage(heard) {
      this.addEventListener("message", (event) => this.#back(() => heard(event)));
    }
    send(text) {
      this.#out(() => this.readyState === Real.OPEN && super.send(text));
    }
  };
})()"""
