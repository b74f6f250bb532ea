/**
 * Before anything is drawn: a page reloaded in the middle of a practice stays dark.
 *
 * Loaded in the head, not as a module, so that no bright page comes first.
 */
"use strict";

try {
  if (sessionStorage.getItem("light") === "dusk") {
    document.documentElement.dataset.light = "dusk";
  }
} catch {
  // A browser that keeps nothing begins by day.
}
