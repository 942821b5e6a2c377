// The reader's mark moves by itself only when the page was in sight for 20 seconds and its end was reached.
(() => {
  const form = document.querySelector("[data-reading]");
  if (!form) return;
  let seconds = 0;
  let reachedEnd = false;
  new IntersectionObserver((entries) => {
    reachedEnd ||= entries.some((entry) => entry.isIntersecting);
  }).observe(form);
  const clock = setInterval(() => {
    if (document.visibilityState === "visible") seconds += 1;
    if (seconds < 20 || !reachedEnd) return;
    clearInterval(clock);
    fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } });
  }, 1000);
})();
