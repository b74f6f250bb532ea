/** The earlier evenings, as the server lists them. */

import { understoodEvenings } from "./messages.js";
import { fetchKeyed } from "./page_key.js";

/** @returns {Promise<any[] | null>} newest first; null where they cannot be had now */
export async function fetchEvenings() {
  try {
    const answer = await fetchKeyed("/evenings");
    return answer.ok ? understoodEvenings(await answer.json()) : null;
  } catch {
    return null;
  }
}
