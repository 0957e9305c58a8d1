"""Studies that lectures read: trainings too long for a notebook, each with a make target, kept in data/ as JSON."""

import json

from coursekit import datafiles, disk


def read(name):
    """Return what the study file `name` of data/ holds.

    >>> read("depth_study.json")["made_by"]
    'make depths (python -m coursekit.backprop.depth)'
    """
    return datafiles.read_json(name)


def columns(rows, *settings):
    """Return rows, a list of dictionaries, by their settings: {setting: {name: [value of each row]}}.

    With several `settings` the key is a tuple of their values.

    >>> columns([{"kind": "a", "seed": 0, "loss": 2.0}, {"kind": "a", "seed": 1, "loss": 4.0}], "kind")
    {'a': {'seed': [0, 1], 'loss': [2.0, 4.0]}}
    """
    table = {}
    for row in rows:
        key = tuple(row[name] for name in settings)
        found = table.setdefault(key if len(settings) > 1 else key[0], {})
        for name, value in row.items():
            if name not in settings:
                found.setdefault(name, []).append(value)
    return table


def write(folder, name, study):
    """Write what `study()` returns into the file `name` of a folder, whole or not at all.

    Raises OSError where the folder cannot be written, before minutes of training and not after them.
    """
    folder = disk.writable_folder(folder)
    written = (json.dumps(study(), indent=1) + "\n").encode()
    with disk.replacing(folder / name, len(written), overwrite=True) as file:
        file.write(written)
