/* Django's boxes that search as one types have no name of their own: they take the label of their field. They are
   made at a moment of jQuery's choosing, so we watch for them. */

{
  const nameBoxes = () => {
    for (const select of document.querySelectorAll("select.admin-autocomplete")) {
      const label = select.labels[0]?.textContent.replace(/:\s*$/, "").trim();
      const boxes = select.parentElement.querySelectorAll(".select2-selection, .select2-selection__rendered");
      if (label) boxes.forEach((box) => box.setAttribute("aria-label", label));
    }
  };
  new MutationObserver(nameBoxes).observe(document.body, { childList: true, subtree: true });
  nameBoxes();
}
