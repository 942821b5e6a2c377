// Autosave: one second after typing stops and at least every fifteen seconds, and never a false "saved".
(() => {
  const form = document.getElementById("editor");
  // The plain box is for browsers without JavaScript; here it would only say old words again.
  document.getElementById("div_id_plain")?.remove();
  const state = () => document.querySelector("#save-state .saved");
  let dirty = "unsaved" in form.dataset;
  let failing = false;
  let clash = false;
  let pause;
  let sent;
  let onItsWay = false;
  let button;

  const show = (name) => state() && (state().dataset.state = name);
  const words = () => JSON.stringify([...new FormData(form)].filter(([key]) => key !== "saves" && key !== "csrfmiddlewaretoken"));
  const save = async () => {
    if (!dirty || clash) return;
    clearTimeout(pause);
    if (failing) await renewToken();
    sent = words();
    onItsWay = true;
    htmx.trigger(form, "keep");
  };
  // Signing in again, in another tab, makes a new form token: take it from a fresh copy of this page.
  const renewToken = async () => {
    try {
      const copy = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      const token = copy.querySelector("#editor [name=csrfmiddlewaretoken]")?.value;
      if (token) form.elements.csrfmiddlewaretoken.value = token;
    } catch {
      // Still offline: the next attempt tries again.
    }
  };

  form.addEventListener("input", () => {
    if (words() === sent && !failing) return;
    dirty = true;
    if (!failing) show("saving");
    clearTimeout(pause);
    pause = setTimeout(save, 1000);
  });
  setInterval(save, 15000);

  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== form) return;
    onItsWay = false;
    const pressed = button;
    button = undefined;
    if (pressed && event.detail.successful) return form.requestSubmit(pressed);
    const { status } = event.detail.xhr;
    clash = status === 409;
    failing = !event.detail.successful && status !== 422;
    if (status === 422) return;
    if (failing) return show(status === 401 ? "signed-out" : "unsaved");
    dirty = words() !== sent;
    if (dirty) show("saving");
  });
  form.addEventListener("htmx:sendError", () => { failing = true; show("unsaved"); });
  form.addEventListener("submit", (event) => {
    clearTimeout(pause);
    // A save that is on its way comes first: two at once would look like two windows.
    if (onItsWay) {
      button = event.submitter;
      return event.preventDefault();
    }
    // Nobody leaves with words that the server would not take now: after signing in they would be gone.
    if (failing && dirty) {
      event.preventDefault();
      button = event.submitter;
      return save();
    }
    dirty = false;
  });
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); dirty = true; save(); }
  });

  // The editing area has no name of its own: it takes the label, the hint and the error of its textarea.
  const name = (textarea) => {
    const editor = textarea.closest(".prose-editor");
    const box = editor && editor.querySelector(".ProseMirror[role=textbox]");
    const label = document.querySelector(`label[for="${textarea.id}"]`);
    if (!box || !label) return;
    label.id ||= `${textarea.id}_label`;
    box.id = `${textarea.id}_editor`;
    box.removeAttribute("aria-label");
    box.setAttribute("aria-labelledby", label.id);
    box.setAttribute("aria-multiline", "true");
    for (const key of ["aria-describedby", "aria-invalid"]) {
      if (textarea.hasAttribute(key)) box.setAttribute(key, textarea.getAttribute(key));
    }
    label.addEventListener("click", () => box.focus());
    document.querySelectorAll(`a[href="#${textarea.id}"]`).forEach((link) => link.addEventListener("click", (event) => {
      event.preventDefault();
      box.focus();
    }));
    const menu = editor.querySelector(".prose-menubar");
    if (!menu) return;
    menu.setAttribute("role", "toolbar");
    menu.setAttribute("aria-label", form.dataset.toolbar);
    const press = () => menu.querySelectorAll("button").forEach((button) => {
      const pressed = String(button.classList.contains("active"));
      if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
    });
    new MutationObserver(press).observe(menu, { subtree: true, attributeFilter: ["class"] });
    press();
  };
  document.addEventListener("prose-editor:ready", (event) => name(event.target));
  addEventListener("load", () => form.querySelectorAll(".prose-editor textarea").forEach(name));
})();
