"""Writing into the editor, as a person does who waits for the caret."""

_AT_END = """box => {
  const caret = getSelection(), rest = document.createRange();
  if (!box.contains(caret.focusNode)) return false;
  rest.selectNodeContents(box);
  rest.setStart(caret.focusNode, caret.focusOffset);
  return rest.toString().trim() === "";
}"""


def go_to_end(box):
    """The caret after the last word of an editor: a tab behind another one, or a busy machine, is slow to move it."""
    box.page.bring_to_front()
    for _look in range(100):
        box.press("Control+End")
        if box.evaluate(_AT_END):
            return
        box.page.wait_for_timeout(50)
    raise AssertionError("The caret does not go to the end.")
