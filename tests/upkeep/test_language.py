"""The course is spelt in British English, and its sentences stay short enough to be read once."""

import functools
import re
import subprocess
import sys
from pathlib import Path

import codespell_lib
import pytest

import project
import prose

# Right as we mean them: `practice` the noun, `program` of a computer, to and fro.
RIGHT = {"analog", "biased", "fro", "practice", "program", "story", "writable"}
ALWAYS_Z = re.compile(r"(?:cap|out|over|under)?siz|resiz|priz|seiz|figsiz")
EVERYDAY = re.compile(r"(?i)\b[a-z]{2,}[iy]z(?:e[sdr]?|ers|ing|ations?|able)\b")


def american(words):
    """Return {American spelling: British spelling} of codespell's own list, and of those `words` that end in -ize."""
    listed = Path(codespell_lib.__file__).parent / "data" / "dictionary_en-GB_to_en-US.txt"
    pairs = (line.split("->") for line in listed.read_text(encoding="utf-8").splitlines())
    found = {theirs: ours for ours, theirs in pairs if "," not in theirs}
    ending = {word.lower() for word in words if EVERYDAY.fullmatch(word) and not ALWAYS_Z.match(word.lower())}
    return {**{word: re.sub(r"([iy])z", r"\1s", word) for word in ending}, **found}


def misspelt(texts, folder):
    """Return codespell's line for each word of {name: text} that is misspelt or American; `folder` is for its files."""
    dictionary = folder / "american.txt"
    words = set(re.findall(r"[A-Za-z]+", " ".join(texts.values())))
    dictionary.write_text("".join(f"{theirs}->{ours}\n" for theirs, ours in american(words).items()), encoding="utf-8")
    for name, text in texts.items():
        path = folder / "prose" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="replace")
    command = [sys.executable, "-m", "codespell_lib", "--builtin", "clear,rare", "-D", "-", "-D", str(dictionary)]
    command += ["--ignore-words-list", ",".join(RIGHT), "prose"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode in (0, 65) and not done.stderr, done.stderr
    return [line.removeprefix("./").removeprefix("prose/") for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def everything():
    return prose.everywhere()


def test_no_word_is_misspelt_or_american(everything, tmp_path):
    assert len(everything) > 200
    found = misspelt(everything, tmp_path)
    assert found == [], "a word of code belongs between backticks:\n" + "\n".join(found)


@pytest.mark.parametrize("word", ["recieve", "colour of behavior", "we Optimize", "a vectorized loop", "the center"])
def test_a_wrong_word_is_seen(word, tmp_path):
    (found,) = misspelt({"a.md": prose.markdown(f"One line.\nThen {word}.")}, tmp_path)
    assert found.startswith("a.md:2: ") and found.split()[1] in word


def test_words_of_code_names_and_titles_are_let_pass(tmp_path):
    said = "`color`, `plt.gray()`, LayerNormalization, the size of a prize; D. Kingma, stochastic optimization, arXiv 1"
    assert misspelt({"a.md": prose.markdown(said), "b.py": prose.python("line(color='center')")}, tmp_path) == []


# ---------------------------------------------------------------- sentences

LONGEST = 40  # words
LONG = 19  # sentences that are longer today, in texts that students and lecturers read: the number only falls
STILTED = re.compile(r"\b(?:what|that|who) is no(?:ne\b| (?!more\b|longer\b)\w+)|\bof one's own\b|\bnot tried yet\b")


def long_sentences():
    """Return (words, name of the file, sentence) of each that is longer than LONGEST, the longest first."""
    readers = {".md": prose.markdown, ".ipynb": functools.partial(prose.notebook, code=False)}
    found = []
    for name in project.files():
        path = project.ROOT / name
        if path.suffix in readers and not prose.MADE_BY_OTTER.match(name):
            text = readers[path.suffix](path.read_text(encoding="utf-8"))
            found += [(len(words), name, " ".join(words)) for words in prose.sentences(text) if len(words) > LONGEST]
    return sorted(found, reverse=True)


def test_the_number_of_long_sentences_only_falls():
    found = long_sentences()
    report = "\n".join(f"{words} words in {name}: {text}" for words, name, text in found)
    assert len(found) <= LONG, f"{len(found)} sentences are longer than {LONGEST} words:\n{report}"
    assert len(found) >= LONG - 5, f"LONG can fall to {len(found)}"


def test_no_phrase_sounds_translated(everything):
    found = [f"{name}: {phrase.group()}" for name, text in everything.items() for phrase in STILTED.finditer(text)]
    assert found == [], "an invalid answer, not what is no answer:\n" + "\n".join(found)


@pytest.mark.parametrize("text", ["for what is no array", "a side that is no integer", "a layer of one's own"])
def test_a_phrase_that_sounds_translated_is_seen(text):
    assert STILTED.search(text)


def test_plain_english_is_let_pass():
    assert not STILTED.search("That is no reproach. A file that is no longer there. It is no use.")
