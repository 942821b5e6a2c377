"""A text word by word."""

from dataclasses import dataclass
from itertools import accumulate

from portfolios.comparison.alignment import Line
from portfolios.comparison.words import SENTENCE_ENDS, WORD, is_word
from portfolios.richtext import parse

# What a mark of punctuation weighs beside words, which weigh their characters.
PUNCTUATION = 0.5


def words_of(text):
    """The words of plain text as they are compared."""
    return [word.casefold() for word in WORD.findall(text)]


def weigh(word):
    """How much a word says: the longer the more."""
    return len(word) if is_word(word) else PUNCTUATION


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text and what is to be known of each, by its number.

    keys: the words, capitals or not. letters: one character for each, the same in every text of one alphabet.
    spans: (start, end) in `richtext.text`. spaced: is there white space before it? sums: the weight of all before it.
    begins: does a sentence begin with it? lines, ranges: the blocks, and (first word, end) of each.
    """

    keys: list[str]
    letters: str
    spans: list[tuple[int, int]]
    spaced: list[bool]
    sums: list[float]
    begins: list[bool]
    lines: list[Line]
    ranges: list[tuple[int, int]]

    @classmethod
    def of(cls, html, alphabet):
        keys, spans, spaced, begins, texts, ranges, at = [], [], [], [], [], [], 0
        for leaf in parse(html):
            text, first, end, is_begin = leaf.text, len(keys), 0, True
            for found in WORD.finditer(text):
                spaced.append(found.start() != end)
                begins.append(is_begin)
                end, key = found.end(), found[0].casefold()
                spans.append((at + found.start(), at + end))
                keys.append(key)
                is_begin = key in SENTENCE_ENDS
            texts.append(text)
            ranges.append((first, len(keys)))
            at += len(text) + bool(text)
        begins.append(True)
        letters = alphabet.spell(keys)
        lines = [Line(text, letters[slice(*place)]) for text, place in zip(texts, ranges, strict=True)]
        sums = [0.0, *accumulate(map(weigh, keys))]
        return cls(keys, letters, spans, spaced, sums, begins, lines, ranges)

    def __len__(self):
        return len(self.keys)

    def weight(self, start, end):
        """How much the words from `start` to before `end` weigh."""
        return self.sums[end] - self.sums[start]

    def part(self, start, end):
        """(letters, keys, spaced) of the words from `start` to before `end`."""
        return self.letters[start:end], self.keys[start:end], self.spaced[start:end]

    def chosen(self, numbers):
        """(letters, keys, spaced) of the words of these numbers."""
        keys, spaced = ([items[at] for at in numbers] for items in (self.keys, self.spaced))
        return "".join([self.letters[at] for at in numbers]), keys, spaced
