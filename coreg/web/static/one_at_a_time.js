/**
 * Work that is asked for again and again is done once at a time, and once more where it
 * was asked for meanwhile: what it shows is never older than the last asking.
 * @param {() => Promise<void>} work
 * @returns {() => Promise<void>}
 */
export function oneAtATime(work) {
  let isAtWork = false;
  let isAskedAgain = false;
  return async () => {
    isAskedAgain = true;
    if (isAtWork) return;
    isAtWork = true;
    try {
      while (isAskedAgain) {
        isAskedAgain = false;
        await work();
      }
    } finally {
      isAtWork = false;
    }
  };
}
