/** Boot: one app, one line to the server, one stage. */

import { App } from "./app.js";

const scheme = location.protocol === "https:" ? "wss" : "ws";

export const app = new App(`${scheme}://${location.host}/ws`);
app.start();
