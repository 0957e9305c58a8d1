"""Draws variants of items for a system that deals them out itself: as many of each as wished, all different."""

from coursekit import arguments
from coursekit.grading.quiz import drawing
from coursekit.grading.quiz.dice import Dice

FEWEST, MOST = 20, 200  # so many of each item that neighbours seldom get the same; more take long to draw
_TRIES = 25  # draws for each variant: an item with exactly 20, equally likely, misses one once in 10 000 million


def draw(chosen, secret, count=FEWEST, every=False):
    """Return ({item: tuple of `count` Questions}, {item left out: how many variants were found}).

    `chosen` are the Settings of a quiz. The items are as many as it has questions, or `every` one of its lectures;
    those with fewer than `count` variants are left out. Questions that differ only in the order of their options are
    one variant. Raises ValueError for an item with fewer than 20, where a lecture has too few items left, and for a
    `secret` that is too short.
    """
    count = arguments.integer("variants", count, FEWEST, MOST)
    seed = drawing.seed(secret, "export", chosen.name)
    items = {name: ask for name, (lecture, ask) in sorted(drawing.bank().items()) if lecture in chosen.lectures}
    found = {name: different(ask, f"{seed}:{name}", count) for name, ask in items.items()}
    left = {name: len(questions) for name, questions in found.items() if len(questions) < count}
    short = [f"{name} with {number}" for name, number in left.items() if number < FEWEST]
    if short:
        raise ValueError(f"each item must have at least {FEWEST} different variants. Received: {', '.join(short)}")
    enough = [name for name in found if name not in left]
    try:
        names = drawing.choose(chosen, enough, Dice(seed))
    except ValueError as error:
        named = ", ".join(f"{name} ({number})" for name, number in left.items())
        raise ValueError(f"variants: {error} with {count} variants each; too few have {named}") from None
    return {name: found[name] for name in (enough if every else names)}, left


def different(ask, seed, count):
    """Return a tuple of up to `count` different Questions that `ask`, a function of the bank, makes of Dice."""
    found = {}
    for number in range(_TRIES * count):
        question = ask(Dice(f"{seed}:{number}"))
        found.setdefault((question.text, tuple(sorted(question.options))), question)
        if len(found) == count:
            break
    return tuple(found.values())
