/* Pages are put in order by dragging them, with a mouse. The buttons of each page do the same. */

{
  const list = () => document.getElementById("pages");
  const keys = () => [...list().children].map((row) => row.dataset.page);
  let row;
  let before = [];

  const putBack = () => {
    for (const key of before) list().append(document.getElementById(`page-${key}`));
  };

  document.addEventListener("dragstart", (event) => {
    row = event.target.closest?.("[data-drag]")?.closest("li");
    if (!row) return;
    before = keys();
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.setDragImage(row, 16, 24);
    row.classList.add("dragged");
  });

  document.addEventListener("dragover", (event) => {
    const over = row && event.target.closest?.("#pages > li");
    if (!over) return;
    event.preventDefault();
    if (over === row) return;
    const { top, height } = over.getBoundingClientRect();
    list().insertBefore(row, event.clientY < top + height / 2 ? over : over.nextElementSibling);
  });

  document.addEventListener("drop", (event) => row && event.preventDefault());

  /* Let go outside of the list, or with Esc: as it was. */
  document.addEventListener("dragend", (event) => {
    if (!row) return;
    row.classList.remove("dragged");
    row = undefined;
    if (event.dataTransfer.dropEffect === "none") return putBack();
    if (keys().join() === before.join()) return;
    const url = list().dataset.order;
    htmx.ajax("POST", url, { source: list(), target: "#pages", swap: "morph:outerHTML", values: { order: keys() } });
  });

  for (const failure of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(failure, (event) => {
      if (event.target.id !== "pages") return;
      putBack();
      const said = document.getElementById("pages-failed");
      said.hidden = false;
      document.dispatchEvent(new CustomEvent("announce", { detail: said.textContent }));
    });
  }
}
