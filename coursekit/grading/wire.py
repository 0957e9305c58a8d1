"""Values as plain bytes between the grader and a student's process: nothing that arrives is ever executed.

A message is a frame: the lengths of two parts (`<IQ`), a part in JSON, and a part with the numbers of all
arrays. Numbers, text, containers and arrays are copied; a function or another object stays where it is and
only a number that stands for it is sent. There is no pickle in either direction. Both sides use this
module, and the student's side has it alone, without the rest of coursekit: it imports NumPy and nothing else.
"""

import array
import collections
import itertools
import json
import math
import struct
import types

import numpy as np
import numpy.random  # loaded now, while there is memory

HEAD = struct.Struct("<IQ")  # bytes of JSON, bytes of array data
MOST_TEXT, MOST_DATA = 8 << 20, 256 << 20  # bytes that a frame may have of each
MOST_ITEMS, MOST_DEPTH, MOST_DIGITS = 500_000, 40, 1200
MOST_KEYS = 20_000  # of sets and dictionaries: keys made to collide take the square of their number
DTYPES = frozenset("?") | {
    f"{order}{kind}"
    for order in "<>|"
    for kind in ("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
}
_LISTED = (
    collections.deque,
    types.GeneratorType,
    range,
    map,
    zip,
    filter,
    enumerate,
    type({}.keys()),
    type({}.values()),
    type({}.items()),
)


class WireError(Exception):
    """A value that cannot be sent, or a message that is not one."""


class Packer:
    """Turns values into a tree for JSON and a list of buffers.

    `refer` gets each value that is not plain data, and returns the tree that stands for it (or raises WireError).

    >>> packer = Packer()
    >>> packer.pack((1, "a", [2.5])), packer.pack(np.ones(2, "<f4"))
    (['t', 1, 'a', ['l', 2.5]], ['a', '<f4', [2], 0, 8])
    """

    def __init__(self, refer=None):
        self.refer, self.buffers, self.size, self.items = refer, [], 0, 0

    def pack(self, value, depth=0):
        """Return the tree of `value`, which is not changed. Raises WireError where a limit is exceeded."""
        self.items += 1
        if depth > MOST_DEPTH or self.items > MOST_ITEMS:
            raise WireError("the value is nested too deeply or has too many items")
        if value is None or isinstance(value, (bool, str)):
            return value if value is None or isinstance(value, bool) else str.__str__(value)
        if isinstance(value, np.generic):
            return self._array(np.asarray(value), "g")
        if isinstance(value, int):
            if int.bit_length(value) > 3 * MOST_DIGITS:
                raise WireError("the integer has too many digits")
            return int(value)
        if isinstance(value, float):
            return float(value)
        return self._container(value, depth + 1)

    def _container(self, value, depth):
        if isinstance(value, np.ndarray):
            return self._array(np.asarray(value), "a", depth)
        if isinstance(value, complex):
            return ["c", float(value.real), float(value.imag)]
        if isinstance(value, (bytes, bytearray)):
            return ["b", self._buffer(bytes(value)), len(value)]
        if isinstance(value, dict):
            return ["d", *([self.pack(k, depth), self.pack(v, depth)] for k, v in dict.items(value))]
        for kind, tag in ((tuple, "t"), (list, "l"), (set, "s"), (frozenset, "f")):
            if isinstance(value, kind):
                return [tag, *(self.pack(item, depth) for item in value)]
        if value is Ellipsis:
            return ["e"]
        if isinstance(value, slice):
            return ["i", *(self.pack(part, depth) for part in (value.start, value.stop, value.step))]
        if isinstance(value, np.random.Generator) and type(value.bit_generator) is np.random.PCG64:
            return ["r", self.pack(value.bit_generator.state, depth)]
        if isinstance(value, (array.array, memoryview)):
            return self._array(np.asarray(value), "a", depth)
        if isinstance(value, _LISTED):
            return ["l", *(self.pack(item, depth) for item in itertools.islice(value, MOST_ITEMS))]
        return self._other(value, depth)

    def _other(self, value, depth):
        if hasattr(value, "__array__") and not isinstance(value, type):  # tensors and variables
            try:
                return self._array(np.asarray(value.__array__()), "a", depth)
            except WireError:
                raise
            except Exception:  # whatever a student's object does
                pass
        if self.refer is None:
            raise WireError(f"a value of type {type(value).__name__} cannot be sent")
        return self.refer(value)

    def _array(self, value, tag, depth=0):
        """Arrays of numbers as bytes in C order; of text and of objects item by item."""
        if value.dtype.kind in "UOS" and tag == "a":
            return ["u", value.dtype.kind, list(value.shape), *(self.pack(x, depth) for x in value.ravel())]
        if value.dtype.kind in "US":
            return self.pack(value.item(), depth)
        # long doubles and bfloat16
        if value.dtype.kind in "fcV" and value.dtype.names is None and value.dtype.str not in DTYPES:
            value = value.astype(complex if value.dtype.kind == "c" else float)
        if value.dtype.str not in DTYPES:
            raise WireError(f"an array of dtype {value.dtype} cannot be sent")
        offset = self._buffer(value.tobytes() if value.nbytes <= MOST_DATA else bytes(MOST_DATA + 1))
        return [tag, value.dtype.str, list(value.shape), offset, value.nbytes]

    def _buffer(self, data):
        offset, self.size = self.size, self.size + len(data)
        if self.size > MOST_DATA:
            raise WireError(f"the value has more than {MOST_DATA >> 20} MB")
        self.buffers.append(data)
        return offset


class Unpacker:
    """Turns a tree and the bytes of a frame back into values; checks every length before it believes it.

    What it makes is counted, not what was sent: a buffer may be named many times. More than MOST_DATA bytes of arrays,
    or MOST_ITEMS items, are refused.

    `resolve` gets a tree whose tag is none of the plain ones and returns the value (or raises WireError).
    """

    def __init__(self, data=b"", resolve=None):
        self.data, self.resolve, self.keys = memoryview(data), resolve, 0
        self.size = self.items = 0

    def unpack(self, tree, depth=0):
        """Return the value of a tree. Raises WireError for what no Packer has written."""
        self.items += 1
        if self.items > MOST_ITEMS + 9:
            raise WireError("a value of too many items")
        if tree is None or isinstance(tree, (bool, int, float, str)):
            return tree
        if depth > MOST_DEPTH + 2 or not isinstance(tree, list) or not tree or not isinstance(tree[0], str):
            raise WireError("this tree does not describe a value")
        tag, parts = tree[0], tree[1:]
        try:
            if tag in ("a", "g"):
                value = self._array(*parts)
                return value if tag == "a" else value[()]
            return self._container(tag, parts, depth + 1)
        except WireError:
            raise
        except (TypeError, ValueError, KeyError, IndexError, OverflowError, RecursionError) as error:
            raise WireError(f"a malformed value: {type(error).__name__}") from None

    def _container(self, tag, parts, depth):
        kinds = {"t": tuple, "l": list, "s": set, "f": frozenset}
        self.keys += len(parts) if tag in ("s", "f", "d") else 0
        if self.keys > MOST_KEYS:
            raise WireError(f"sets and dictionaries of more than {MOST_KEYS} items")
        if tag in kinds:
            return kinds[tag](self.unpack(part, depth) for part in parts)
        if tag == "d":
            return {self.unpack(key, depth): self.unpack(value, depth) for key, value in parts}
        if tag == "c":
            return complex(*parts)
        if tag == "b":
            return bytes(self._slice(*parts))
        if tag == "e" and not parts:
            return Ellipsis
        if tag == "i":
            return slice(*(self.unpack(part, depth) for part in parts))
        if tag == "u":
            return self._items(parts[0], parts[1], [self.unpack(part, depth) for part in parts[2:]])
        if tag == "r":
            return _generator(self.unpack(parts[0], depth))
        if self.resolve is None:
            raise WireError("this value cannot be received")
        return self.resolve(tag, parts)

    def _slice(self, offset, size):
        if not all(type(n) is int and n >= 0 for n in (offset, size)) or offset + size > len(self.data):
            raise WireError("a value lies outside its message")
        self._count_bytes(size)
        return self.data[offset : offset + size]

    def _count_bytes(self, size):
        self.size += size
        if self.size > MOST_DATA:
            raise WireError(f"a value of more than {MOST_DATA >> 20} MB")

    def _array(self, dtype, shape, offset, size):
        if dtype not in DTYPES:
            raise WireError("an array of a type that is not sent")
        items = _count(shape)
        if items * np.dtype(dtype).itemsize != size:
            raise WireError("an array whose shape does not fit its size")
        return np.frombuffer(self._slice(offset, size), dtype).reshape(shape).copy()

    def _items(self, kind, shape, items):
        if kind not in ("U", "O", "S") or _count(shape) != len(items):
            raise WireError("an array whose shape does not fit its items")
        result = np.empty(len(items), object)
        for position, item in enumerate(items):
            result[position] = item
        if kind != "O":  # every item takes as much as the longest
            self._count_bytes(
                4 * len(items) * max((len(one) for one in items if isinstance(one, (str, bytes))), default=1)
            )
        return (result if kind == "O" else result.astype(kind)).reshape(shape)


def _count(shape):
    if not isinstance(shape, list) or len(shape) > 16 or not all(type(n) is int and n >= 0 for n in shape):
        raise WireError("an array without a shape")
    return math.prod(shape)


def _generator(state):
    """Return a random generator with this state of PCG64; its numbers are checked: C code reads them."""
    numbers = {key: int(state["state"][key]) % 2**128 for key in ("state", "inc")}
    bits = np.random.PCG64(0)
    bits.state = {
        "bit_generator": "PCG64",
        "state": numbers,
        "has_uint32": int(bool(state["has_uint32"])),
        "uinteger": int(state["uinteger"]) % 2**32,
    }
    return np.random.Generator(bits)


def frame(message, buffers=()):
    """Return the bytes of a frame: `message` is anything that JSON can write."""
    text = json.dumps(message).encode()
    if len(text) > MOST_TEXT:
        raise WireError(f"the value has more than {MOST_TEXT >> 20} MB of text")
    return b"".join([HEAD.pack(len(text), sum(map(len, buffers))), text, *buffers])


def read_frame(read):
    """Return (message, array bytes) from `read(n)`, which returns n bytes, or fewer at the end.

    Raises EOFError where the stream ends, WireError for an invalid frame.
    """
    text, data = HEAD.unpack(_exactly(read, HEAD.size))
    if text > MOST_TEXT or data > MOST_DATA:
        raise WireError("a message that is longer than any")
    try:
        message = json.loads(_exactly(read, text), parse_int=_integer)
    except (ValueError, RecursionError):
        raise WireError("a message that is not JSON") from None
    return message, _exactly(read, data)


def _exactly(read, size):
    parts = []
    while size:
        part = read(min(size, 1 << 20))
        if not part:
            raise EOFError("the stream ended")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _integer(digits):
    if len(digits) > MOST_DIGITS:
        raise ValueError("too many digits")
    return int(digits)
