/** At a launch link: keep the page's key, and leave the used link behind. */

import { keepPageKey } from "./page_key.js";

const told = /** @type {HTMLMetaElement | null} */ (
  document.querySelector('meta[name="coreg-page-key"]')
);
try {
  keepPageKey(told?.content ?? "");
} finally {
  location.replace("/"); // it says in words what is missing
}
