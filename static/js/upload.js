/* Sends a form with data-upload, to show how far it is. Whatever goes wrong, its words and files stay.
   X-Location (files.middleware) leads on; a page replaces this one's <main>. */

{
  const MB = 1048576;
  let sending;

  const announce = (detail) => document.dispatchEvent(new CustomEvent("announce", { detail }));
  const inMB = (bytes) => (bytes / MB).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });

  const send = (form, button, again) => {
    const way = form.querySelector("[data-sending]");
    const strip = form.querySelector("[data-problems]");
    const bar = way.querySelector("progress");
    const far = way.querySelector("[data-far]");
    const request = (sending = new XMLHttpRequest());
    let quarter = 0;

    const stop = (problem) => {
      sending = undefined;
      delete form.dataset.sent;
      way.hidden = true;
      strip.hidden = false;
      for (const each of strip.querySelectorAll("p")) each.hidden = each.dataset.problem !== problem;
      strip.scrollIntoView({ block: "nearest" });
      announce(strip.innerText);
    };

    request.upload.onprogress = ({ loaded, total }) => {
      const { words, then } = far.dataset;
      bar.value = (100 * loaded) / total;
      far.textContent = loaded < total ? words.replace("{sent}", inMB(loaded)).replace("{all}", inMB(total)) : then;
      if (quarter !== (quarter = Math.floor((4 * loaded) / total))) announce(far.textContent);
    };
    request.onerror = () => stop("unsent");
    request.onabort = () => stop("stopped");
    request.onload = () => {
      const { status, response } = request;
      const to = request.getResponseHeader("X-Location");
      const token = request.getResponseHeader("X-CSRFToken");
      if (to) return follow(new URL(to, location));
      if (status === 403 && token && !again) {
        form.elements.csrfmiddlewaretoken.value = token;
        return send(form, button, true);
      }
      if ((status === 200 || status === 422) && response?.querySelector("main")) return put(response);
      stop({ 401: "signed-out", 413: "too-large" }[status] ?? "unsent");
    };
    request.open("POST", form.getAttribute("action") || location);
    request.responseType = "document";
    request.setRequestHeader("X-Upload", "1");
    request.setRequestHeader("X-Person", document.body.dataset.person);
    bar.value = 0;
    far.textContent = "";
    way.hidden = false;
    strip.hidden = true;
    request.send(new FormData(form, button));
  };

  const follow = (to) => {
    const here = to.pathname + to.search === location.pathname + location.search;
    location.assign(to);
    if (here && to.hash) location.reload();
  };

  /* What was chosen and not refused need not be chosen again. */
  const put = (page) => {
    sending = undefined;
    const old = document.querySelector("main");
    const main = page.querySelector("main");
    document.title = page.title;
    for (const input of main.querySelectorAll("input[type=file]:not([aria-invalid])")) {
      const before = old.querySelector(`[type=file][name="${input.name}"]`);
      if (before) input.files = before.files;
    }
    old.replaceWith(main);
    window.htmx?.process(main);
    document.dispatchEvent(new Event("htmx:load"));
    (main.querySelector(".errsum") ?? main).focus();
  };

  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.matches("[data-upload]")) return;
    event.preventDefault();
    if (!sending) send(event.target, event.submitter);
  });
  document.addEventListener("click", ({ target }) => target.closest("[data-stop]") && sending?.abort());
}
