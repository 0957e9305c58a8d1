"""Values as bytes between the grader and a student's process: a round trip keeps them, and nothing else gets through."""

import io
import json
import math
import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from coursekit.grading import proxy, seccomp, wire

DTYPES = st.one_of(
    arrays.boolean_dtypes(),
    arrays.integer_dtypes(),
    arrays.unsigned_integer_dtypes(),
    arrays.floating_dtypes(sizes=(16, 32, 64)),
    arrays.complex_number_dtypes(sizes=(64, 128)),
)
SIMPLE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**200), 2**200),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=("Cs",))),
    st.binary(),
    st.complex_numbers(allow_nan=False),
    st.just(Ellipsis),
    st.builds(slice, st.integers(0, 9), st.none(), st.integers(1, 3)),
)
HASHABLE = st.one_of(st.booleans(), st.integers(), st.text(), st.binary(), st.tuples(st.integers(), st.text()))
VALUES = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.dictionaries(HASHABLE, inner, max_size=4),
        st.sets(HASHABLE, max_size=4),
        st.frozensets(HASHABLE, max_size=4),
    ),
    max_leaves=12,
)


def sent(value):
    """Return what arrives of a value, after it was written to a stream and read from it."""
    packer = wire.Packer()
    message, data = wire.read_frame(io.BytesIO(wire.frame({"value": packer.pack(value)}, packer.buffers)).read)
    return wire.Unpacker(data).unpack(message["value"])


def received(message, data=b""):
    return wire.Unpacker(data).unpack(message)


@given(VALUES)
def test_containers_text_and_numbers_arrive_as_they_were(value):
    arrived = sent(value)
    assert arrived == value and type(arrived) is type(value)


@given(arrays.arrays(DTYPES, arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5)))
def test_arrays_arrive_with_shape_dtype_and_every_bit(array):
    arrived = sent(array)
    assert type(arrived) is np.ndarray and arrived.dtype == array.dtype and arrived.shape == array.shape
    assert arrived.tobytes() == array.tobytes()
    assert arrived.flags.owndata and arrived.flags.writeable


@pytest.mark.parametrize(
    "view",
    [np.arange(24).reshape(4, 6)[::2, ::-3], np.asfortranarray(np.eye(3)), np.broadcast_to(np.float32(2), (3, 4))],
)
def test_views_arrive_as_what_they_show(view):
    np.testing.assert_array_equal(sent(view), view)


@pytest.mark.parametrize("array", [np.array(["a", "bc"]), np.array([1, "x", None], object), np.array([b"x", b"yz"])])
def test_arrays_of_text_and_objects_arrive(array):
    arrived = sent(array)
    assert arrived.dtype.kind == array.dtype.kind and arrived.tolist() == array.tolist()


def test_numbers_of_numpy_keep_their_type():
    for number in (np.float32(0.1), np.int8(-3), np.bool_(True), np.complex64(1j)):
        assert sent(number) == number and type(sent(number)) is type(number)
    assert math.isnan(sent(float("nan"))) and sent(float("-inf")) == -math.inf


def test_a_random_generator_arrives_in_its_state():
    rng = np.random.default_rng(3)
    rng.normal(size=5)
    np.testing.assert_array_equal(sent(rng).normal(size=4), rng.normal(size=4))


class Liar(int):
    """A number that says that it is another one."""

    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


class LyingArray(np.ndarray):
    def __eq__(self, other):
        return True


class LyingText(str):
    def __str__(self):
        return "448"


@pytest.mark.parametrize(
    "liar, plain",
    [
        (Liar(3), int),
        (np.zeros(2).view(LyingArray), np.ndarray),
        (LyingText("3"), str),
        ({1: Liar(2)}, dict),
        ((Liar(1),), tuple),
    ],
)
def test_what_arrives_is_never_of_a_students_class(liar, plain):
    arrived = sent(liar)
    assert type(arrived) is plain
    inner = arrived[1] if plain is dict else arrived[0] if plain is tuple else arrived
    assert type(inner) in (int, str, np.ndarray) and not np.all(inner == "never equal")
    assert sent(LyingText("3")) == "3"


def test_what_is_no_value_is_refused():
    for value in (object(), len, type, np.array([1], "M8[s]"), np.zeros(1, [("a", int)])):
        with pytest.raises(wire.WireError):
            wire.Packer().pack(value)


def test_limits_are_kept_while_packing():
    deep, deeper = [], []
    for _ in range(wire.MOST_DEPTH + 5):
        deep = [deep]
    endless = []
    endless.append(endless)
    deeper.append({"a": deeper})
    for value in (
        deep,
        endless,
        deeper,
        1 << 5000,
        [0] * (wire.MOST_ITEMS + 1),
        np.broadcast_to(np.int8(0), (1 << 30,)),
    ):
        with pytest.raises(wire.WireError):
            wire.Packer().pack(value)


@pytest.mark.parametrize(
    "tree",
    [
        {},
        [],
        [3],
        ["?"],
        ["a"],
        ["a", "O", [1], 0, 8],
        ["a", "<f8", [2], 0, 8],
        ["a", "<f8", [1], 9, 8],
        ["a", "<f8", [-1], 0, 8],
        ["a", "<f8", [1], -8, 8],
        ["a", "<f8", [1.0], 0, 8],
        ["a", "<f8", "x", 0, 8],
        ["a", "<f8", [1] * 40, 0, 8],
        ["a", "<f8", [2**70], 0, 8],
        ["a", "V8", [1], 0, 8],
        ["a", "<f8,<f8", [1], 0, 16],
        ["b", 0, 99],
        ["b", True, 1],
        ["c", "x", 1],
        ["d", [1]],
        ["d", [["l"], 1]],
        ["s", ["l"]],
        ["f", ["d"]],
        ["e", 1],
        ["u", "O", [3], 1],
        ["u", "x", [1], 1],
        ["u", "S", [1], ["l"]],
        ["r", 3],
        ["r", ["d"]],
        ["fn", 1, "f", []],
        ["obj", 1, "x"],
        ["ref", 1],
        ["cb", 0],
    ],
)
def test_a_message_that_no_packer_wrote_is_refused(tree):
    with pytest.raises(wire.WireError):
        received(tree, b"\0" * 16)


def test_a_malformed_state_of_a_generator_is_cut_to_what_c_code_can_read():
    state = ["d", ["state", ["d", ["state", 2**130 + 5], ["inc", -1]]], ["has_uint32", 7], ["uinteger", 2**40 + 1]]
    inner = received(["r", state]).bit_generator.state
    assert inner["state"]["state"] == 5 and inner["has_uint32"] == 1 and inner["uinteger"] == 1


def test_keys_made_to_collide_are_few():
    keys = [(2**61 - 1) * n for n in range(wire.MOST_KEYS + 1)]
    for tree in (
        ["s", *keys],
        ["f", *keys],
        ["d", *([key, 0] for key in keys)],
        ["l", *(["s", *keys[n::2]] for n in (0, 1))],
    ):
        with pytest.raises(wire.WireError, match="more than"):
            received(tree)


@pytest.mark.parametrize(
    "tree",
    [
        ["l", *([["a", "<f8", [1 << 20], 0, 8 << 20]] * 40)],  # one buffer, named forty times: 320 MB
        ["d", *([[n, ["b", 0, 8 << 20]] for n in range(40)])],
        ["u", "U", [1000], "x" * 1_000_000, *[""] * 999],  # text, each item as wide as the longest: 4 GB
        ["u", "S", [1000], ["b", 0, 1 << 20], *[""] * 999],
        ["l", *([["l"]] * (wire.MOST_ITEMS + 10))],
    ],
)
def test_what_a_value_takes_here_is_bounded_not_only_what_was_sent(tree):
    tracemalloc.start()
    with pytest.raises(wire.WireError, match="more than|too many"):
        received(tree, bytes(8 << 20))
    assert tracemalloc.get_traced_memory()[1] < 1.2 * wire.MOST_DATA
    tracemalloc.stop()


@given(st.binary(max_size=60))
def test_any_bytes_are_a_message_an_end_or_refused(data):
    try:
        message, _ = wire.read_frame(io.BytesIO(data).read)
        received(message)
    except (wire.WireError, EOFError):
        pass


@pytest.mark.parametrize(
    "head, body",
    [
        ((wire.MOST_TEXT + 1, 0), b""),
        ((2, wire.MOST_DATA + 1), b"{}"),
        ((2, 0), b"{x"),
        ((1300, 0), b"1" * 1300),
        ((100_000, 0), b"[" * 100_000),
    ],
)
def test_a_frame_that_lies_is_refused_before_it_is_read(head, body):
    stream = wire.HEAD.pack(*head) + body
    with pytest.raises(wire.WireError):
        wire.read_frame(io.BytesIO(stream).read)


def test_a_frame_without_room_is_refused():
    with pytest.raises(wire.WireError, match="8 MB of text"):
        wire.frame("x" * (wire.MOST_TEXT + 1))
    assert json.loads(wire.frame([1])[wire.HEAD.size :]) == [1]


# ---------------------------------------------------------------- proxies


@pytest.mark.parametrize("name", ["ValueError", "KeyError", "ZeroDivisionError", "NotImplementedError", "OSError"])
def test_an_error_of_a_student_is_of_the_same_built_in_type(name):
    error = proxy.builtin_error([name, "why"])
    assert isinstance(error, getattr(__builtins__, name, None) or __builtins__[name])
    assert isinstance(error, proxy.RemoteError) and error.kind == name and str(error) == "why"


@pytest.mark.parametrize(
    "description",
    [
        ["SystemExit", "x"],
        ["KeyboardInterrupt", ""],
        ["UnicodeDecodeError", "x"],
        ["ExceptionGroup", "x"],
        ["print", "x"],
        ["Mine", "x"],
        ["__import__", "x"],
        None,
        3,
        [],
        ["a"],
        [1, 2],
        {"a": 1, "b": 2},
    ],
)
def test_any_description_of_an_error_becomes_an_exception(description):
    error = proxy.builtin_error(description)
    assert isinstance(error, proxy.RemoteError) and isinstance(error, Exception)


class Recorded:
    generation = 1

    def __init__(self, value, changed):
        self.answer = value, changed

    def call(self, remote, arguments, named):
        return self.answer


def test_a_function_that_edits_its_argument_in_place_is_found_out():
    function = proxy.proxy(Recorded(3, {0: np.ones(2)}), "fn", [1, "f", [["x", 1, False]]])
    assert str(function.__signature__) == "(x)" and function.__name__ == "f"
    with pytest.raises(proxy.ChangedArgument, match="number 1 in place"):
        function(np.zeros(2))
    with pytest.raises(proxy.ChangedArgument, match="`x` in place"):
        proxy.proxy(Recorded(3, {"x": 4}), "fn", [1, "f", None])(x=3)
    assert proxy.proxy(Recorded(3, {}), "fn", [1, "f", None])(np.zeros(2)) == 3


def test_a_random_generator_that_a_function_used_goes_on_from_there():
    used, rng = np.random.default_rng(1), np.random.default_rng(1)
    used.normal(size=7)
    assert proxy.proxy(Recorded(0, {0: used}), "fn", [1, "f", None])(rng) == 0
    assert rng.normal() == used.normal()


@pytest.mark.parametrize(
    "parameters", [3, [["x"]], [["x", 99, False]], [["1", 1, False]], [["x", None, 1]], "x", {"a": 1}]
)
def test_a_signature_that_is_none_is_left_out(parameters):
    assert proxy.proxy(Recorded(0, {}), "fn", [1, "f", parameters]).__signature__ is None


def test_an_object_that_stays_there_equals_nothing_here():
    there = proxy.proxy(Recorded(0, {}), "obj", [7, "Model"])
    assert there != 0 and repr(there) == "an object of type Model"
    with pytest.raises(TypeError):
        there + 1
    with pytest.raises(AttributeError):
        there.__array__


# ---------------------------------------------------------------- the filter of system calls


def decided(program, architecture, call, argument=0):
    """Run a filter as the kernel does and return what it decides."""
    steps, at, value = list(struct.iter_unpack("=HBBI", program)), 0, 0
    while True:
        code, right, wrong, operand = steps[at]
        at += 1
        if code == 0x20:
            value = {0: call, 4: architecture, 16: argument}[operand]
        elif code in (0x15, 0x35, 0x45):
            held = {0x15: value == operand, 0x35: value >= operand, 0x45: value & operand}[code]
            at += right if held else wrong
        else:
            return operand


@pytest.mark.parametrize(("column", "machine"), list(enumerate(["x86_64", "aarch64"])))
def test_the_filter_forbids_what_it_names_and_nothing_else(column, machine):
    program, architecture = seccomp.program(machine), seccomp._ARCHITECTURES[machine]
    forbidden = {numbers[column] for numbers in seccomp._CALLS.values()}
    special = {name: numbers[column] for name, numbers in seccomp._BY_ARGUMENT.items()}
    allowed, fails, unknown = 0x7FFF0000, 0x00050001, 0x00050026
    for call in set(range(600)) - set(special.values()):
        assert decided(program, architecture, call) == (fails if call in forbidden else allowed)
    assert decided(program, architecture, special["clone3"]) == unknown
    for flags, expected in ((0x3D0F00, allowed), (17, allowed), (0x10000011, fails), (0x00020011, fails)):
        assert decided(program, architecture, special["clone"], flags) == expected
    for family, expected in ((1, allowed), (2, fails), (10, fails), (16, fails), (40, fails)):
        assert decided(program, architecture, special["socket"], family) == expected
        assert decided(program, architecture, special["socketpair"], family) == expected
    assert decided(program, architecture ^ 1, 0) == fails  # another table of calls
    assert decided(program, architecture, 0x40000000 + 319) == fails
