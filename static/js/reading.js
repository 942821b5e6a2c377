// Reading a page: the mark that moves by itself, and comments written beside the words.
(() => {
  // The reader's mark moves only when the page was in sight for 20 seconds and its end was reached; where the form says
  // how many seconds it takes, its end must be in sight for them.
  const form = document.querySelector("[data-reading]");
  if (form) {
    const patience = form.dataset.reading;
    let seconds = 0;
    let atEnd = false;
    let reachedEnd = false;
    new IntersectionObserver((entries) => {
      atEnd = entries.at(-1).isIntersecting;
      reachedEnd ||= atEnd;
    }).observe(form);
    const clock = setInterval(() => {
      if (document.visibilityState === "visible" && (atEnd || !patience)) seconds += 1;
      if (seconds < (patience || 20) || !reachedEnd) return;
      clearInterval(clock);
      const sent = fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } });
      if (patience) sent.then(({ ok }) => form.classList.toggle("done", ok && !form.contains(document.activeElement)));
    }, 1000);
  }

  // The form for a comment opens where its words are; the page itself need not be loaded again.
  const words = document.getElementById("words");
  let opener;
  const write = (href, pressed, target, swap) => {
    const open = document.getElementById("writing");
    const changed = open && [...open.querySelectorAll("textarea")].some((field) => field.value !== field.defaultValue);
    if (changed && !open.querySelector('.saved[data-state="saved"]')) {
      open.scrollIntoView({ block: "center" });
      return open.focus();
    }
    const url = new URL(href, location.href);
    // How far was read is told by the page that the comment is written on.
    if (form) for (const name of ["seen_until", "shown"]) url.searchParams.set(name, form.elements[name].value);
    htmx.ajax("GET", url.pathname + url.search, { target, swap, source: pressed }).then(() => {
      open?.remove();
      const fresh = document.getElementById("writing");
      opener = pressed;
      // Signed out, or offline: the page itself says so.
      if (!fresh) return location.assign(href);
      fresh.querySelector("textarea").focus();
    });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.comment-link, a[data-writes], [data-close]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !window.htmx) return;
    if (link.matches("[data-close]")) {
      const box = link.closest("#writing");
      if (location.pathname.includes("/comments/")) return;
      event.preventDefault();
      box.remove();
      return opener?.focus();
    }
    event.preventDefault();
    if (link.matches("[data-writes]")) return write(link.href, link, link.closest(".actions") || link, "afterend");
    const block = link.closest("[data-start]") || link.closest(".tools");
    write(link.href, link, block, block.matches("li") ? "beforeend" : "afterend");
  });

  // Chosen words offer the same: their place is counted in characters of the text, without what was removed.
  const offer = document.getElementById("comment-on-words");
  if (!words || !offer) return;
  const apart = "del, [data-apart], .compose, .beside, details";
  const length = (text) => [...text].length;
  const placeOf = (node, offset) => {
    const block = (node.nodeType === 1 ? node : node.parentElement).closest("[data-start]");
    if (!block || !words.contains(block)) return null;
    const range = document.createRange();
    range.selectNodeContents(block);
    range.setEnd(node, offset);
    const part = range.cloneContents();
    part.querySelectorAll(apart).forEach((each) => each.remove());
    part.querySelectorAll("br").forEach((each) => each.replaceWith("\n"));
    // As the text has it: one space between words, one tab between cells.
    const before = part.textContent.replace(/[ \n]+/g, (space) => (space.includes("\n") ? "\n" : " "));
    const tabs = Math.max(0, part.querySelectorAll("td, th").length - 1);
    return { block, at: Number(block.dataset.start) + length(before) + tabs };
  };
  let chosen;
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    const range = selection.rangeCount && !selection.isCollapsed && selection.getRangeAt(0).cloneRange();
    // Who drags beyond the end means the end.
    const last = [...words.querySelectorAll("[data-start]")].pop();
    if (range && last && !words.contains(range.endContainer)) range.setEnd(last, last.childNodes.length);
    const start = range && placeOf(range.startContainer, range.startOffset);
    const end = range && placeOf(range.endContainer, range.endOffset);
    chosen = start && end && end.at > start.at ? { start: start.at, end: end.at, block: end.block, range } : null;
    offer.hidden = !chosen;
    if (!chosen) return;
    const box = range.getBoundingClientRect();
    offer.style.top = `${scrollY + box.bottom + 8}px`;
    offer.style.left = `${Math.max(8, Math.min(scrollX + box.left, innerWidth - offer.offsetWidth - 8))}px`;
  });
  offer.addEventListener("mousedown", (event) => event.preventDefault());
  offer.addEventListener("click", () => {
    if (!chosen) return;
    const { start, end, block } = chosen;
    const href = `${offer.dataset.href}version=${words.dataset.version}&start=${start}&end=${end}`;
    getSelection().removeAllRanges();
    write(href, offer, block, block.matches("li") ? "beforeend" : "afterend");
  });
})();
