"""A writer who edits pages at random, and knows of each word what became of it.

A page is a list of blocks, a block a list of sentences, a sentence a list of `Word`. A word keeps its `id` through
everything that is done to it; a copied word gets an id of its own and remembers the `origins` it
was copied from, the nearest first.
"""

import re
from dataclasses import dataclass, field, replace
from functools import cache
from html import unescape
from itertools import count
from pathlib import Path
from random import Random

STORIES = Path(__file__).parents[2] / "mentoring/demo/story/portfolios"


@dataclass(frozen=True)
class Word:
    text: str
    id: int
    origins: tuple[int, ...] = ()
    bold: bool = False


@dataclass
class Block:
    tag: str
    sentences: list[list[Word]]

    @property
    def words(self):
        return [word for sentence in self.sentences for word in sentence]


@dataclass
class Version:
    """A page as it was shared: `html`, its plain `text`, and `words` as (start, end, Word) in that text."""

    html: str
    text: str
    words: list[tuple[int, int, Word]] = field(repr=False)

    def under(self, start, end):
        """The words that a range touches."""
        return [word for at, to, word in self.words if at < end and to > start]


@cache
def sentences_of_stories():
    """Sentences of the demo's pages, as lists of words, in the order of the files; none of two that are alike."""
    found, known = [], []
    for file in sorted(STORIES.glob("*/*/*.html")):
        words = unescape(re.sub(r"<[^>]*>", "\n", file.read_text()))
        for sentence in re.findall(r"[^\n]+?(?:[.?!]”?(?=\s|$)|$)", words, re.MULTILINE):
            words = set(re.findall(r"\w+", sentence.lower()))
            if len(words) > 2 and all(2 * len(words & other) < len(words | other) for other in known):
                found.append(sentence.split())
                known.append(words)
    return found


@cache
def vocabulary():
    """The words of the demo's pages, as often as they stand there."""
    return [word.strip(".,;:?!“”") or "x" for sentence in sentences_of_stories() for word in sentence]


class Writer:
    """Writes a page and goes on to edit it: `write()` is the first version, `edit()` each one after it."""

    def __init__(self, seed, *, blocks=12):
        self.random = Random(seed)
        self.ids = count()
        stock = [list(sentence) for sentence in sentences_of_stories()]
        self.random.shuffle(stock)
        self.stock = iter(stock)
        self.blocks = [self._new_block() for _ in range(blocks)]
        # A phrase that people are fond of: the same sentence here and there, from the start.
        for _ in range(2):
            self._duplicate_sentence()

    def write(self):
        return _render(self.blocks)

    def edit(self, steps=None):
        """Change the page in a few places, or in many, and return the new version."""
        for _ in range(steps or self.random.choice([1, 2, 4, 8, 16])):
            self.random.choices(*zip(*self._habits(), strict=True))[0]()
            self.blocks = [block for block in self.blocks if block.words]
            if not self.blocks:
                self.blocks = [self._new_block()]
        return self.write()

    def _habits(self):
        return (
            (self._replace_words, 14),
            (self._insert_words, 8),
            (self._delete_words, 8),
            (self._tidy_word, 6),
            (self._insert_sentence, 6),
            (self._delete_sentence, 4),
            (self._rewrite_sentence, 4),
            (self._move_sentence, 5),
            (self._swap_sentences, 3),
            (self._duplicate_sentence, 2),
            (self._insert_block, 4),
            (self._delete_block, 2),
            (self._rewrite_block, 1),
            (self._move_block, 4),
            (self._duplicate_block, 1),
            (self._split_block, 3),
            (self._merge_blocks, 3),
            (self._reformat, 4),
        )

    # Words

    def _replace_words(self):
        sentence, at, size = self._some_words()
        sentence[at : at + size] = self._new_words(self.random.randint(1, 4))

    def _insert_words(self):
        sentence, at, _ = self._some_words()
        sentence[at:at] = self._new_words(self.random.randint(1, 5))

    def _delete_words(self):
        sentence, at, size = self._some_words()
        del sentence[at : at + size]

    def _tidy_word(self):
        """Another sign after a word, or another first letter."""
        sentence, at, _ = self._some_words()
        if sentence:
            word = sentence[at].text
            changed = self.random.choice(
                [word.rstrip(".,;"), word.rstrip(".,;") + ",", word.capitalize(), word.lower()]
            )
            sentence[at] = replace(sentence[at], text=changed or word)

    # Sentences

    def _insert_sentence(self):
        block = self._block()
        block.sentences.insert(self._place(block.sentences), self._new_sentence())

    def _delete_sentence(self):
        self._take_sentence()

    def _rewrite_sentence(self):
        """The same place, all the words new, some of them by chance as they were."""
        block = self._block()
        at = self.random.randrange(len(block.sentences))
        block.sentences[at] = self._new_sentence()

    def _move_sentence(self):
        sentence = self._take_sentence()
        block = self._block()
        block.sentences.insert(self._place(block.sentences), sentence)

    def _swap_sentences(self):
        block = self._block()
        if len(block.sentences) > 1:
            at = self.random.randrange(len(block.sentences) - 1)
            block.sentences[at : at + 2] = block.sentences[at + 1], block.sentences[at]

    def _duplicate_sentence(self):
        sentence = self.random.choice(self._block().sentences)
        block = self._block()
        block.sentences.insert(self._place(block.sentences), self._copied(sentence))

    # Blocks

    def _insert_block(self):
        self.blocks.insert(self._place(self.blocks), self._new_block())

    def _delete_block(self):
        self.blocks.remove(self._block())

    def _rewrite_block(self):
        block = self._block()
        block.sentences = [self._new_sentence() for _ in block.sentences]

    def _move_block(self):
        block = self._block()
        self.blocks.remove(block)
        self.blocks.insert(self._place(self.blocks), block)

    def _duplicate_block(self):
        block = self._block()
        self.blocks.insert(
            self._place(self.blocks), Block(block.tag, [self._copied(sentence) for sentence in block.sentences])
        )

    def _split_block(self):
        block = self._block()
        if len(block.sentences) > 1:
            at = self.random.randrange(1, len(block.sentences))
            self.blocks.insert(self.blocks.index(block) + 1, Block(block.tag, block.sentences[at:]))
            del block.sentences[at:]

    def _merge_blocks(self):
        if len(self.blocks) > 1:
            at = self.random.randrange(len(self.blocks) - 1)
            self.blocks[at].sentences += self.blocks.pop(at + 1).sentences

    def _reformat(self):
        block = self._block()
        block.tag = self.random.choice(["p", "p", "li", "h2", "blockquote", "td"])
        sentence = self.random.choice(block.sentences)
        sentence[:] = [replace(word, bold=not word.bold) for word in sentence]

    # What they are made of

    def _block(self):
        while True:
            self.blocks = [block for block in self.blocks if block.words] or [self._new_block()]
            block = self.random.choice(self.blocks)
            block.sentences = [sentence for sentence in block.sentences if sentence]
            if block.sentences:
                return block

    def _place(self, items):
        return self.random.randint(0, len(items))

    def _some_words(self):
        sentence = self.random.choice(self._block().sentences)
        at = self.random.randrange(len(sentence))
        return sentence, at, self.random.choice([1, 1, 2, 3, 5])

    def _take_sentence(self):
        block = self._block()
        return block.sentences.pop(self.random.randrange(len(block.sentences)))

    def _copied(self, sentence):
        return [replace(word, id=next(self.ids), origins=(word.id, *word.origins)) for word in sentence]

    def _new_words(self, size):
        return [Word(text, next(self.ids)) for text in self.random.choices(vocabulary(), k=size)]

    def _new_sentence(self):
        words = next(self.stock, None) or [*self.random.choices(vocabulary(), k=self.random.randint(4, 20)), "indeed."]
        return [Word(text, next(self.ids)) for text in words]

    def _new_block(self):
        tag = self.random.choice(["p", "p", "p", "p", "li", "h2", "blockquote", "td"])
        size = 1 if tag in ("h2", "li") else self.random.randint(1, 6)
        return Block(tag, [self._new_sentence() for _ in range(size)])


def _render(blocks):
    html, text, words = [], "", []
    for block in blocks:
        text += "\n" if text else ""
        parts = []
        for number, word in enumerate(block.words):
            text += " " if number else ""
            words.append((len(text), len(text) + len(word.text), word))
            text += word.text
            plain = word.text.replace("&", "&amp;").replace("<", "&lt;")
            parts.append(f"<strong>{plain}</strong>" if word.bold else plain)
        around = {"li": "<ul><li>{}</li></ul>", "td": "<table><tr><td>{}</td></tr></table>"}
        around["blockquote"] = "<blockquote><p>{}</p></blockquote>"
        html.append(around.get(block.tag, f"<{block.tag}>{{}}</{block.tag}>").format(" ".join(parts)))
    return Version("".join(html), text, words)
