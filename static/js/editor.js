/* What the prose editor needs: a name for its box and its toolbar, and words that are put in from outside. */

{
  const form = document.getElementById("editor");
  // The plain box is for browsers without JavaScript; here it would only say old words again.
  document.getElementById("div_id_plain")?.remove();

  const boxOf = (textarea) => textarea.closest(".prose-editor")?.querySelector(".ProseMirror[role=textbox]");

  /* How many words there are, as the server counts them: a dash alone is none. */
  const counter = document.querySelector("[data-counts-words]");
  form.addEventListener("input", ({ target }) => {
    const box = target.closest?.(".prose-editor")?.querySelector(".ProseMirror[role=textbox]");
    if (!box) return;
    const count = box.innerText.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
    counter.textContent = counter.dataset[count === 1 ? "one" : "many"].replace("%s", count);
  });

  const named = new WeakSet();

  /* The editing area has no name of its own: it takes the label, the hint and the error of its textarea. */
  const name = (textarea) => {
    const box = boxOf(textarea);
    const label = document.querySelector(`label[for="${textarea.id}"]`);
    if (!box || !label || named.has(box)) return;
    named.add(box);
    label.id ||= `${textarea.id}_label`;
    box.id = `${textarea.id}_editor`;
    box.removeAttribute("aria-label");
    box.setAttribute("aria-labelledby", label.id);
    box.setAttribute("aria-multiline", "true");
    for (const key of ["aria-describedby", "aria-invalid"]) {
      if (textarea.hasAttribute(key)) box.setAttribute(key, textarea.getAttribute(key));
    }
    label.addEventListener("click", () => box.focus());
    for (const link of document.querySelectorAll(`a[href="#${textarea.id}"]`)) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        box.focus();
      });
    }
    const editor = textarea.closest(".prose-editor");
    // The menu comes when the editor gets round to it.
    const menu = () => editor.querySelector(".prose-menubar");
    if (menu()) return nameMenu(menu());
    new MutationObserver((_, observer) => {
      if (!menu()) return;
      observer.disconnect();
      nameMenu(menu());
    }).observe(editor, { childList: true, subtree: true });
  };

  const nameMenu = (menu) => {
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
  form.addEventListener("keep:use", ({ target }) => boxOf(target)?.editor.commands.setContent(target.value));
}
