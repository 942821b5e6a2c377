"""Long texts in pairs of versions, as hard to compare as texts get: each function returns (old, new) as HTML."""

from random import Random


def drawn(seed):
    """The same numbers each time."""
    return Random(seed)  # noqa: S311


_LETTERS = drawn(1)
VOCABULARY = ["".join(_LETTERS.choices("abcdefghijkl", k=_LETTERS.randint(2, 9))) for _ in range(5000)]


def prose(words, seed):
    """Words drawn as language draws them: a few very often, most of them seldom."""
    numbers = drawn(seed)
    return [VOCABULARY[min(4999, int(numbers.paretovariate(0.6)))] for _ in range(words)]


def page(words, length):
    """A list of words as paragraphs of `length` words."""
    return paragraphs(" ".join(words[at : at + length]) for at in range(0, len(words), length))


def paragraphs(texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def every_word_changed(words=20_000):
    """Paragraphs of 100 words in which no word stayed."""
    old = prose(words, 1)
    return page(old, 100), page([word + "x" for word in old], 100)


def redrawn(words=20_000):
    """Paragraphs of 100 words that have nothing in common but frequent words."""
    return page(prose(words, 1), 100), page(prose(words, 2), 100)


def one_paragraph_every_word_changed(words=20_000):
    old = prose(words, 1)
    return page(old, words), page([word + "x" for word in old], words)


def one_paragraph_redrawn(words=20_000):
    """One paragraph that has nothing in common with the other but frequent words."""
    return page(prose(words, 1), words), page(prose(words, 2), words)


def one_paragraph_every_second_word_changed(words=20_000):
    old = prose(words, 1)
    return page(old, words), page([word + "x" if at % 2 else word for at, word in enumerate(old)], words)


def one_line_more(lines=5000):
    """Identical lines, one more of them."""
    return paragraphs(["the same line"] * lines), paragraphs(["the same line"] * (lines + 1))


def identical_lines_changed(lines=5000):
    """Identical lines that all became other identical lines."""
    return paragraphs(["the same line"] * lines), paragraphs(["another line"] * lines)


def lines_slightly_edited(lines=5000):
    """Lines of ten words, one word of each changed."""
    numbers = drawn(3)
    old = [prose(10, seed) for seed in range(lines)]
    new = [list(line) for line in old]
    for line in new:
        line[numbers.randrange(10)] += "x"
    return paragraphs(map(" ".join, old)), paragraphs(map(" ".join, new))


def numbered_lines_slightly_edited(lines=5000):
    """Lines that differ from one another in a number only, one word of all of them changed."""
    old = (f"Visits to the desk in week {at} were as many as in the week before" for at in range(lines))
    new = (f"Visits to the desk in week {at} were as many as in the year before" for at in range(lines))
    return paragraphs(old), paragraphs(new)


def numbered_lines_turned_round(lines=5000):
    old = [f"line {at}" for at in range(lines)]
    return paragraphs(old), paragraphs(reversed(old))


def lines_shuffled_and_edited(lines=5000):
    """Lines of ten words in another order, one word of each changed."""
    old = [prose(10, seed) for seed in range(lines)]
    new = [[*line[:5], line[5] + "x", *line[6:]] for line in old]
    drawn(4).shuffle(new)
    return paragraphs(map(" ".join, old)), paragraphs(map(" ".join, new))


def table(rows=2000, words=25_000):
    """A table of five columns, one word of every row changed."""
    per_cell = max(1, round(words / rows / 5))
    old = [[prose(per_cell, row * 5 + column) for column in range(5)] for row in range(rows)]
    new = [[*row[:2], [*row[2][:-1], row[2][-1] + "x"], *row[3:]] for row in old]
    return _table(old), _table(new)


def single_words(words=20_000):
    """Each word a paragraph of its own, every one changed."""
    old = prose(words, 1)
    return paragraphs(old), paragraphs(word + "x" for word in old)


EXTREMES = (
    every_word_changed,
    redrawn,
    one_paragraph_every_word_changed,
    one_paragraph_redrawn,
    one_paragraph_every_second_word_changed,
    one_line_more,
    identical_lines_changed,
    lines_slightly_edited,
    numbered_lines_slightly_edited,
    numbered_lines_turned_round,
    lines_shuffled_and_edited,
    table,
    single_words,
)


def _table(rows):
    cells = ("".join(f"<td>{' '.join(cell)}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"
