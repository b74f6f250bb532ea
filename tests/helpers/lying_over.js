/* What is wrong with how the texts of a page lie: a list of sentences, empty if all hold. */
() => {
  const wrong = [];
  const say = (what, text) => wrong.push(`${what}: "${text.slice(0, 60)}"`);
  const SLACK_PX = 1.5;

  /** Whether anybody sees it. */
  const seen = (element) => {
    if (!element.checkVisibility()) return false; // in a part that is folded, too
    for (let at = element; at && at !== document.documentElement; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (at.hidden || style.display === "none" || style.visibility === "hidden") return false;
      if (Number(style.opacity) < 0.05 || at.classList.contains("unseen")) return false;
    }
    return true;
  };

  /** The boxes of its letters, a line each, without the leading above and below. */
  const boxes = (node, element) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const letters = parseFloat(getComputedStyle(element).fontSize);
    return [...range.getClientRects()].filter((box) => box.width > 1).map((box) => {
      const spare = Math.max(0, box.height - letters) / 2;
      return { x: box.left, right: box.right, y: box.top + spare, bottom: box.bottom - spare };
    });
  };

  /** What cuts off what lies beyond its edge. */
  const clip = (element) => {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (["hidden", "clip"].includes(style.overflowX)
        || ["hidden", "clip"].includes(style.overflowY)) return at;
    }
    return null;
  };

  /** What scrolls by itself: whatever lies beyond its edge can be brought into view. */
  const scroller = (element) => {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      if (["auto", "scroll"].includes(getComputedStyle(at).overflowY)) return at;
    }
    return null;
  };

  /** Whether it lies in a picture that the keyboard brings into view, part by part. */
  const scrollsAside = (element) => {
    const own = element.closest("[role=region][tabindex='0']");
    return own !== null && ["auto", "scroll"].includes(getComputedStyle(own).overflowX);
  };

  /** What stays at the window's edge and hides what is scrolled beneath it, whole. */
  const pinned = (element) => {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.position !== "sticky") continue;
      const parts = style.backgroundColor.match(/[\d.]+/g) ?? [];
      const isOpaque = parts.length === 3 || Number(parts[3]) === 1;
      if (isOpaque && style.backgroundColor !== "transparent") return at;
    }
    return null;
  };

  const lines = [];
  const walker = document.createTreeWalker(document.querySelector("dialog[open]") ?? document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    const text = node.data.trim();
    if (!text || !element || ["SCRIPT", "STYLE", "NOSCRIPT", "OPTION"].includes(element.tagName)) continue;
    if (!seen(element)) continue;
    // What a program means and nobody says: a value that slipped into the words.
    if (/^(false|true|null|undefined|NaN|\[object .*\])$/.test(text)) say("no word", text);
    const cut = clip(element);
    const own = scroller(element);
    const scrolled = own?.getBoundingClientRect();
    for (const box of boxes(node, element)) {
      // What is centred in too little room begins above where anybody can scroll to.
      if (own && box.y - scrolled.top + own.scrollTop < -SLACK_PX) say("out of reach", text);
      if (scrolled && (box.y > scrolled.bottom || box.bottom < scrolled.top)) continue;
      lines.push({ ...box, text, element, pin: pinned(element) });
      if (!scrollsAside(element)
        && (box.x < -SLACK_PX || box.right > innerWidth + SLACK_PX)) say("beyond the side", text);
      if (cut) {
        const frame = cut.getBoundingClientRect();
        if (box.right > frame.right + SLACK_PX || box.x < frame.left - SLACK_PX
          || box.bottom > frame.bottom + SLACK_PX || box.y < frame.top - SLACK_PX) {
          say("cut off", text);
        }
      }
      const reach = document.scrollingElement;
      if (!scrolled && box.bottom > reach.scrollHeight - scrollY + SLACK_PX || (!scrolled && box.y < -scrollY - SLACK_PX)) {
        say("out of reach", text);
      }
    }
  }
  for (const [i, one] of lines.entries()) {
    for (const other of lines.slice(i + 1)) {
      if (one.element === other.element) continue;
      if (one.pin !== other.pin) continue; // which hides it; whether for ever is asked below
      const across = Math.min(one.right, other.right) - Math.max(one.x, other.x);
      const along = Math.min(one.bottom, other.bottom) - Math.max(one.y, other.y);
      if (across > SLACK_PX && along > SLACK_PX) say("lies over", `${one.text} | ${other.text}`);
    }
  }
  // At the end of the page nothing is left beneath what stays at the window's edge.
  const before = scrollY;
  scrollTo({ top: document.scrollingElement.scrollHeight, behavior: "instant" });
  for (const pin of new Set(lines.map((line) => line.pin).filter((each) => each !== null))) {
    const bar = pin.getBoundingClientRect();
    if (bar.height > innerHeight / 3) say("takes a third of the window", pin.textContent);
    for (const line of lines) {
      if (line.pin === pin) continue;
      const [y, bottom] = [line.y, line.bottom].map((at) => at - (scrollY - before));
      const along = Math.min(bottom, bar.bottom) - Math.max(y, bar.top);
      const across = Math.min(line.right, bar.right) - Math.max(line.x, bar.left);
      if (across > SLACK_PX && along > SLACK_PX) say("stays beneath", line.text);
    }
  }
  scrollTo({ top: before, behavior: "instant" });
  if (document.scrollingElement.scrollWidth > innerWidth + SLACK_PX) {
    wrong.push(`scrolls sideways: ${document.scrollingElement.scrollWidth} px of ${innerWidth}`);
  }
  for (const field of document.querySelectorAll("select, button, .button, a")) {
    if (seen(field) && field.scrollWidth > field.clientWidth + 2 && field.clientWidth > 0
      && getComputedStyle(field).display !== "inline") {
      say("too wide for its button", field.textContent ?? "");
    }
  }
  return [...new Set(wrong)];
}
