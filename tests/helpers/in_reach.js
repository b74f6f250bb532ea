/* What a finger would miss, and what moves for somebody who wants nothing to move. */
() => {
  const LEAST_PX = 44;
  const SLACK_PX = 0.5;
  const wrong = [];
  const top = document.querySelector("dialog[open]") ?? document;
  const all = "button, a[href], select, textarea, summary, input:not([type=hidden])";
  for (const each of top.querySelectorAll(all)) {
    if (!each.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (each.closest(".leaving") || each.tabIndex < 0) continue;
    // A box and its words are one target; so is a link in the middle of a sentence.
    const target = each.closest("label") ?? each;
    if (each.matches("p a, li a") && getComputedStyle(each).display === "inline") continue;
    const box = target.getBoundingClientRect();
    if (Math.min(box.height, box.width) < LEAST_PX - SLACK_PX) {
      wrong.push(`small: ${Math.round(box.width)} x ${Math.round(box.height)} `
        + `${each.outerHTML.slice(0, 80)}`);
    }
  }
  for (const each of document.querySelectorAll("body, body *")) {
    const style = getComputedStyle(each);
    const moves = style.transitionDuration.split(",").some((time) => parseFloat(time) > 0)
      || style.animationName !== "none";
    if (moves) wrong.push(`moves: ${each.outerHTML.slice(0, 80)}`);
  }
  return wrong;
}
