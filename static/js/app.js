/* Small behaviours that any page may use. Everything works without them. */

{
  const announcer = () => document.getElementById("announcer");

  /* One polite voice for results: a server sends `HX-Trigger: {"announce": "Saved"}`, a script fires the same event. */
  document.addEventListener("announce", (event) => {
    announcer().textContent = "";
    setTimeout(() => (announcer().textContent = event.detail.value ?? event.detail), 50);
  });

  /* After something was sent, the focus goes to what came of it: the comment or the
     message that the address names, or what the page says. */
  addEventListener("load", () => {
    const came = /^#(comment-\d+|m-\d+|writing)$/.test(location.hash) ? document.querySelector(location.hash) : null;
    const result = came ?? document.querySelector("main > .strip[role]");
    if (!result || document.querySelector("[autofocus]")) return;
    result.tabIndex = -1;
    result.focus({ preventScroll: !came });
  });

  /* A second click sends nothing twice; whoever comes back to the page may send again. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if ("sent" in form.dataset) return event.preventDefault();
    form.dataset.sent = "";
    setTimeout(() => delete form.dataset.sent, 5000);
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

  /* An email's link names a place on the page: signing in on the way must not forget it. */
  if (location.hash) {
    for (const next of document.querySelectorAll("input[name=next]")) next.value += location.hash;
  }

  /* A menu closes like a menu. */
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  /* Ctrl or Cmd with Enter sends the form that one is writing in. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest("form");
    const button = form?.querySelector(".btn-primary:not([type=button])");
    if (button) {
      event.preventDefault();
      form.requestSubmit(button);
    }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reveal]");
    if (!button) return;
    const field = document.getElementById(button.dataset.reveal);
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", shown);
  });

  /* Offers the time zone that this device is in. */
  const offer = document.querySelector("[data-device-zone]");
  if (offer) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const select = document.getElementById(offer.dataset.deviceZone);
    const option = [...select.options].find((each) => each.value === zone);
    if (option && select.value !== zone) {
      offer.querySelector("[data-zone-name]").textContent = option.text;
      offer.hidden = false;
      offer.querySelector("button").addEventListener("click", () => {
        select.value = zone;
        offer.hidden = true;
        select.focus();
      });
    }
  }

  /* Morphing leaves alone what somebody is typing in; an error summary that arrives by htmx takes the focus. */
  if (window.Idiomorph) Idiomorph.defaults.ignoreActiveValue = true;
  document.addEventListener("htmx:afterSettle", (event) => {
    event.detail.elt.querySelector?.(".errsum")?.focus();
  });
}
