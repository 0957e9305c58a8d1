"""The answer to every question of the quiz, found again from its text by counting, adding and trying."""

import cmath
import itertools
import math
import re

import pytest

from coursekit.grading.quiz import drawing
from coursekit.grading.quiz.dice import Dice

BANK = drawing.bank()


def asked(name, student):
    """Return the Question of that name for a student."""
    return BANK[name][1](Dice(f"{student} {name}"))


def numbers(text):
    """Return all whole numbers in a text, in their order."""
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text).replace("−", "-")
    return [int(one) for one in re.findall(r"(?<![\w.])-?\d+|(?<=[·×])\d+", text)]


def decimals(text):
    """Return all numbers in a text, those with decimals whole, in their order."""
    return [float(one) for one in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?", text.replace("−", "-"))]


def fits(n, kernel, stride=1, dilation=1, before=0, after=0):
    """Count the places of a window by trying each."""
    padded = range(-before, n + after)
    return sum(start + dilation * (kernel - 1) in padded for start in padded[::stride])


def same(n, stride):
    return len(range(0, n, stride))


def sees(layers, unit=0):
    """Return the first and the last pixel below a unit of the last of `layers`, pairs (kernel, stride)."""
    below = {unit}
    for kernel, stride in reversed(layers):
        below = {place * stride + offset for place in below for offset in range(kernel)}
    return min(below), max(below)


def windows(values, side, size, step):
    """Return {(row, column): values of the window} of a square picture written row by row."""
    picture = [values[row * side : (row + 1) * side] for row in range(side)]
    starts = [start for start in range(0, side, step) if start + size <= side]
    return {
        (i // step, j // step): [picture[i + u][j + v] for u in range(size) for v in range(size)]
        for i, j in itertools.product(starts, starts)
    }


def products(left, right):
    total = 0
    for one, other in zip(left, right, strict=True):
        total += one * other
    return total


def network(n, filters, kernel, pool, classes):
    """Return parameters of the convolution and of the dense layer, adding neuron by neuron."""
    side = fits(fits(n, kernel), pool, pool)
    convolution = sum(kernel * kernel + 1 for _ in range(filters))
    return convolution, sum(side * side * filters + 1 for _ in range(classes))


def of_validation(n):
    each, fakes, last, share = n[0], n[2], n[6], float(re.search(r"0\.\d+", n.text)[0])
    labels = (["real"] * each + ["fake"] * fakes) * last
    return labels[math.floor(len(labels) * (1 - share)) :].count("real")  # as Keras does


def slope(function, at, step=0.5):
    """Return the slope of a function that is quadratic around `at`, from two of its values."""
    return (function(at + step) - function(at - step)) / (2 * step)


def small_network(n):
    """Return the slope of ½ (f − y)², f = w₂ max(w₁ x, 0), over w₁, of the numbers in the text."""
    x, w1, w2, y = n[-4:]
    return slope(lambda w: (w2 * max(w * x, 0) - y) ** 2 / 2, w1)


def slope_of_cross_entropy(n):
    parts, right, asked = n[3:9:2], n[-2], n[-1]
    step = 1e-20j  # an imaginary step takes no difference of nearly equal numbers
    scores = [cmath.log(part) + (step if place == asked else 0) for place, part in enumerate(parts)]
    loss = cmath.log(sum(map(cmath.exp, scores))) - scores[right]
    return loss.imag / abs(step)


def stamped_at(place, pixels, stride, entries):
    """Return the pairs (pixel, entry) of all stamps that reach a place of a transposed convolution."""
    return [(i, place - i * stride) for i in pixels if 0 <= place - i * stride < entries]


def stamps_on_pixels(n):
    counts = [len(stamped_at(place, range(-50, 50), n[1], n[0])) for place in range(n[1])]
    return max(counts) if "that get most" in n.text else min(counts)


def slope_of_a_logarithm(n):
    step = 1e-20j
    return abs(cmath.log(1 + cmath.exp(-(n.decimals[0] + step))).imag / abs(step))


def unit(weights, outer, inputs):
    return outer * max(products(weights, inputs), 0)


def kernel_of_a_unit(n):
    """Return the sum of products of all slopes, each found from two values of the network."""
    w, v = n[1:3], n[3]
    slopes = [
        [
            slope(lambda first, x=x: unit([first, w[1]], v, x), w[0]),
            slope(lambda second, x=x: unit([w[0], second], v, x), w[1]),
            slope(lambda outer, x=x: unit(w, outer, x), v),
        ]
        for x in (n[4:6], n[6:8])
    ]
    return products(*slopes)


def both_fire(n):
    """Return the share of all directions, every half degree, within 90° of one at 0° and of one at the angle."""
    fires = [abs((angle + 180) % 360 - 180) < 90 for angle in (half / 2 + 0.25 for half in range(720))]
    return sum(fires[half] and fires[half - 2 * n[0]] for half in range(720)) / 720


def regression(n):
    (y, z), (a, b, c, d), across = n[1:3], n[3:7], n[7:9]
    determinant = a * d - b * c
    return products([(y * d - b * z) / determinant, (a * z - c * y) / determinant], across)


def averaged(mean, batches):
    """Return the moving average after so many batches, each a step of a tenth."""
    m = 0
    for _ in range(batches):
        m += (mean - m) / 10
    return m


def of_the_row(n, x=None, w=None):
    """Return the sum of slope times output of a row x under a kernel w, which is linear in both."""
    return products(slid(x or n[:4], w or n[4:6]), n[6:9])


class Numbers(list):
    """The numbers of a text, and the text."""

    def __init__(self, text):
        super().__init__(numbers(text))
        self.text = text
        self.decimals = decimals(text)


# name: function from the numbers in the text to the answer, by counting or adding one by one
AGAIN = {
    "01_one_neuron": lambda n: max(0, products(n[4:7], n[:3]) + n[3]),
    "01_distance_of_a_cut": lambda n: abs(n[2]) / math.hypot(*n[:2]),
    "01_parameters_of_one_neuron": lambda n: 1 + sum(3 for _ in range(n[0] * n[1])),
    "01_logistic_loss": lambda n: -math.log(1 / (1 + math.exp(-n.decimals[0] * n.decimals[1]))),
    "01_probability_of_a_class": lambda n: (
        math.exp(n.decimals[2] / 2) / (math.exp(n.decimals[2] / 2) + math.exp(-n.decimals[2] / 2))
    ),
    "01_parameters_of_a_network": lambda n: sum(n[0] + 1 for _ in range(n[1])) + sum(n[1] + 1 for _ in range(n[2])),
    "01_collapsed_matrix": lambda n: products(n[4:6], n[0:4:2]),
    "01_where_a_unit_bends": lambda n: next(
        x / 2 for x in range(-20, 20) if n.decimals[0] * x / 2 + n.decimals[1] == 0
    ),
    "01_slope_beyond_the_last_bend": lambda n: slope(
        lambda x: sum(v * max(w * x, 0) for w, v in zip(n[:3], n[3:6])), 1e6
    ),
    "01_the_explosion": lambda n: (
        sum(4 * (pixels + 1) * pixels for pixels in [n[0] ** 2 * (1 + 2 * ("RGB" in n.text))]) / 1e9
    ),
    "01_noise_of_weights": lambda n: 1 - n.decimals[0],
    "02_weights_of_a_full_layer": lambda n: sum(1 for _ in itertools.product(range(n[0]), range(n[1]))),
    "02_weights_of_a_sparse_layer": lambda n: sum(n[2] for _ in range(fits(n[1], n[2]))),
    "02_weights_of_a_shared_kernel": lambda n: n[2],
    "02_one_output_of_a_correlation": lambda n: products(n[n[9] : n[9] + 3], n[6:9]),
    "02_outputs_of_valid": lambda n: fits(n[1], n[0]),
    "02_zeros_for_same": lambda n: next(zeros for zeros in range(99) if fits(n[0] + zeros, n[1]) == n[0]),
    "02_outputs_of_full": lambda n: sum(any(0 <= start + i < n[0] for i in range(n[1])) for start in range(-99, 199)),
    "02_outputs_with_stride": lambda n: fits(n[1], n[0], n[2]),
    "02_several_kernels": lambda n: sum(n[2] for _ in range(n[0])),
    "02_answer_to_a_constant": lambda n: products(n[1:5], [n[0]] * 4),
    "03_one_output": lambda n: products(windows(n[:16], 4, 2, 1)[n[20], n[21]], n[16:20]),
    "03_dense_instead_of_kernel": lambda n: (n[4] * n[5]) * fits(n[4], n[0]) ** 2,
    "03_size_of_full": lambda n: fits(
        n["columns does" in n.text],
        n[2 + ("columns does" in n.text)],
        before=n[2 + ("columns does" in n.text)] - 1,
        after=n[2 + ("columns does" in n.text)] - 1,
    ),
    "03_linearity": lambda n: n[2] * n[0] - n[3] * n[1],
    "03_zeros_at_the_border": lambda n: sum(
        n[2] for i in range(n[3]) for j in range(n[4]) if i >= n[3] // 2 and ("corner" not in n.text or j >= n[4] // 2)
    ),
    "03_products": lambda n: fits(n[0], n[2]) * fits(n[1], n[3]) * n[2] * n[3],
    "04_answer_to_a_step": lambda n: products(
        n[:9], [n[9], 0, n[10]] * 3 if "left" in n.text else [n[9]] * 3 + [0] * 3 + [n[10]] * 3
    ),
    "04_all_edges_beside_a_step": lambda n: products(
        [-1] * 4 + [8] + [-1] * 4, [n[0]] * 6 + [n[1]] * 3 if "dark side" in n.text else [n[0]] * 3 + [n[1]] * 6
    ),
    "04_noise_after_a_mean": lambda n: n[0] / math.sqrt(n[1] * n[2]),
    "04_noise_after_sharpening": lambda n: n[0] * math.hypot(*n[1:10]),
    "04_steepness_by_sobel": lambda n: math.hypot(*n[-2:]) / 8,
    "04_cost_of_a_separable_kernel": lambda n: n[0] + n[1],
    "05_one_value_with_bias_and_relu": lambda n: max(0, products(n[:4], n[4:8]) + n[8]),
    "05_channels_are_merged": lambda n: products(n[2:10], n[10:18]),
    "05_size_with_padding_and_stride": lambda n: fits(n[0], n[1], n[2], before=n[3], after=n[3]),
    "05_same_with_a_stride": lambda n: same(n[2], n[0]),
    "05_span_of_a_dilated_kernel": lambda n: fits(n[3], n[0], dilation=n[1]),
    "05_parameters_of_a_layer": lambda n: sum(n[4] * n[5] * n[2] + 1 for _ in range(n[3])),
    "05_pixels_left_over": lambda n: n[1] - max(start + n[0] for start in range(0, n[1], n[2]) if start + n[0] <= n[1]),
    "05_places_that_answer": lambda n: sum(value + n[8] > 0 for value in n[:8]),
    "05_gradient_through_sigmoids": lambda n: math.prod(4 for _ in range(n[0])),
    "06_average_pooling": lambda n: sum(windows(n[3:19], 4, 2, 2)[n[19], n[20]]) / 4,
    "06_partial_windows": lambda n: same(n[1], n[0]) if "same" in n.text else fits(n[1], n[0], n[0]),
    "06_field_of_a_stack": lambda n: sees([(n[1], 1)] * n[0])[1] + 1,
    "06_field_with_strides": lambda n: sees([(n[0], 1), (n[2], n[2]), (n[4], 1), (n[6], n[6])])[1] + 1,
    "06_jump_and_place": lambda n: sees([(5, n[2]), (3, 1), (n[6], n[6])], n[11])[0],
    "06_small_kernels_or_a_large_one": lambda n: n[0] * sum(9 * n[5] for _ in range(n[5])),
    "06_head_with_global_pooling": lambda n: sum(n[0] + 1 for _ in range(n[3])),
    "07_dense_parameters": lambda n: sum(n[0] + 1 for _ in range(n[1])),
    "07_convolution_multiply_adds": lambda n: n[0] * n[1] * n[2] * n[3] * sum(n[5] for _ in range(n[4])),
    "07_multiply_adds_with_a_stride": lambda n: n[3] * n[4] // same(n[3], n[6]) ** 2,
    "07_memory_of_an_output": lambda n: 4 * n[0] * n[3] * n[4],
    "07_parameters_of_a_network": lambda n: sum(network(n[0], n[2], n[3], n[5], n[7])),
    "07_dense_on_a_larger_picture": lambda n: ((n[3] * n[0]) ** 4) // n[0] ** 4,
    "07_memory_to_train": lambda n: sum(4 * n[0] for _ in ("itself", "gradient", "average", "squares")),
    "07_what_colour_adds": lambda n: sum(2 * n[1] * n[2] for _ in range(n[0])),
    "07_average_instead_of_flattening": lambda n: sum(n[1] * n[2] * n[0] - n[0] for _ in range(n[3])),
    "08_step_of_one_weight": lambda n: n[0] - n.decimals[3] * slope(lambda w: (w * n[1] - n[2]) ** 2 / 2, n[0]),
    "08_steps_of_training": lambda n: n[2] * len(range(0, n[0], n[1])),
    "08_slope_of_a_first_weight": small_network,
    "08_slope_of_a_silent_unit": small_network,
    "08_slope_of_a_score": slope_of_cross_entropy,
    "08_slope_of_a_pixel": lambda n: of_the_row(n, x=[int(place == n[9]) for place in range(4)]),
    "08_slope_of_a_kernel_weight": lambda n: of_the_row(n, w=[int(place == n[9]) for place in range(2)]),
    "08_slope_of_a_bias": lambda n: products([1, 1, 1], n[6:9]),
    "08_winner_of_two_windows": lambda n: sum(
        slope for start, slope in enumerate(n[5:7]) if max(n[2 + start : 4 + start]) == n[3]
    ),
    "10_size_without_padding": lambda n: 1 + max(i * n[2] + u for i in range(n[0]) for u in range(n[1])),
    "10_size_with_same": lambda n: n[0] * math.prod(2 for _ in range(n[2])),
    "10_value_where_stamps_overlap": lambda n: sum(n[i] * n[3 + u] for i, u in stamped_at(n[7], range(3), n[6], 3)),
    "10_stamps_on_a_pixel": stamps_on_pixels,
    "10_frequency_of_the_artefact": lambda n: len(range(0, n[1], n[0])),
    "10_loss_of_a_discriminator": lambda n: -math.log(n.decimals[0] * (1 - n.decimals[1])),
    "10_loss_of_a_generator": lambda n: -math.log(n.decimals[0]),
    "10_slope_of_a_caught_generator": slope_of_a_logarithm,
    "10_kernel_and_resize": lambda n: sum(n[1] * n[2] * n[3] + 1 for _ in range(n[0])),
    "11_weights_of_a_bottleneck": lambda n: sum(n[2] + n[4] * n[5] * n[3] + n[9] for _ in range(n[6])),
    "11_two_small_kernels": lambda n: sum(n[0] * n[1] * n[2] for _ in range(2 * n[3])),
    "11_slope_that_explodes": lambda n: math.prod(n[1] for _ in range(n[0])),
    "11_slope_that_vanishes": lambda n: math.prod(n.decimals[1] for _ in range(n[0])),
    "11_variance_after_blocks": lambda n: sum(math.comb(n[1], part) for part in range(n[1] + 1)) * n[0],
    "11_output_of_a_residual_block": lambda n: sum(n[i] + n[3 + i] for i in range(3) if n[i] + n[3 + i] > 0),
    "11_numbers_in_a_batch_mean": lambda n: len(list(itertools.product(range(n[0]), range(n[1]), range(n[2])))),
    "11_means_of_a_group_norm": lambda n: len({(picture, group) for picture in range(n[1]) for group in range(n[0])}),
    "11_moving_average": lambda n: averaged(n[-2], n[-1]),
    "11_places_of_a_large_kernel": lambda n: fits(n[3] >> n[0], n[1]),
    "11_dice_of_two_masks": lambda n: 1 / (1 + (n[0] - n[2] + n[1] - n[2]) / (2 * n[2])),
    "12_slope_to_a_hidden_weight": lambda n: slope(lambda w: unit([w, n[4]], n[5], n[6:8]), n[3]) / math.sqrt(n[2]),
    "12_slope_to_an_outer_weight": lambda n: slope(lambda v: unit(n[3:5], v, n[6:8]), n[5]) / math.sqrt(n[2]),
    "12_number_of_features": lambda n: sum(n[0] + 1 for _ in range(n[1])),
    "12_kernel_of_two_maps": lambda n: products(n[:4], n[4:8]),
    "12_kernel_of_one_unit": kernel_of_a_unit,
    "12_change_of_another_output": lambda n: -n.decimals[4] * n[1] * slope(lambda f: (f - n[3]) ** 2 / 2, n[2]),
    "12_infinite_kernel_of_an_input": lambda n: products(n[-3:], n[-3:]),
    "12_firing_together": both_fire,
    "12_relative_movement": lambda n: n.decimals[0] / math.sqrt(n.decimals[1]),
    "12_prediction_of_kernel_regression": regression,
    "09_inputs_of_the_dense_layer": lambda n: fits(fits(n[0], n[3]), n[5], n[5]) ** 2 * n[2],
    "09_parameters_of_the_baseline": lambda n: sum(network(n[0], n[2], n[3], n[5], 2)),
    "09_validation_cut_off": of_validation,
    "09_accuracy_of_a_confusion_matrix": lambda n: (n[0] + n[3]) / sum(n[:4]),
    "09_real_ones_recognised": lambda n: n[0] / sum(n[:2]) if "as real" in n.text else n[3] / sum(n[2:4]),
    "09_always_the_same_answer": lambda n: n['"fake"' in n.text] / (n[0] + n[1]),
    "09_steps_of_an_epoch": lambda n: n[2] * len(range(0, n[0], n[1])),
    "09_uses_of_a_kernel": lambda n: fits(n[3], n[1]) * fits(n[4], n[2]),
}


@pytest.mark.parametrize("name", sorted(AGAIN))
def test_a_number_is_found_again_by_counting(name):
    for student in range(60):
        question = asked(name, student)
        assert AGAIN[name](Numbers(question.text)) == pytest.approx(question.answer, abs=1e-9), question.text


def rows(text):
    """Return the lists of numbers that stand between innermost brackets."""
    return [numbers(one) for one in re.findall(r"\[([^\[\]]*)\]", text)]


def slid(values, weights):
    return [products(values[i : i + len(weights)], weights) for i in range(fits(len(values), len(weights)))]


def flat(text):
    return [value for row in rows(text) for value in row]


def adaptive(n, option):
    outputs, pixels, which = n[:3]
    covered = [
        pixel
        for pixel in range(pixels)
        if (pixel + 1) * outputs > which * pixels and pixel * outputs < (which + 1) * pixels
    ]
    return numbers(option) == [covered[0], covered[-1]]


def winner(n, option):
    values, (i, j), (row, column) = n[3:19], n[19:21], numbers(option)
    best = max(windows(values, 4, 2, 2)[i, j])
    return row // 2 == i and column // 2 == j and values[4 * row + column] == best


def direction(n, option):
    angle = math.radians(numbers(option)[0])
    right, up = n[0], -n[1]
    return math.isclose(math.cos(angle) * math.hypot(right, up), right, abs_tol=1e-9) and math.isclose(
        math.sin(angle) * math.hypot(right, up), up, abs_tol=1e-9
    )


def coin(n, option):
    pictures, _, least = n[:3]
    ways = sum(sum(toss) >= least for toss in itertools.product((0, 1), repeat=pictures))
    return numbers(option) == [ways, 2**pictures]


# name: function from the numbers in the text and an option to whether that option is right
RIGHT = {
    "10_kernel_without_artefacts": lambda n, o: numbers(o)[0] % n[0] == 0,
    "10_two_losses_that_circle": lambda n, o: o.startswith("nothing yet"),
    "11_shift_of_a_unet": lambda n, o: numbers(o)[0] % math.prod(2 for _ in range(n[0])) == 0,
    "12_what_a_kernel_cannot_be": lambda n, o: flat(o)[0] * flat(o)[3] < flat(o)[1] * flat(o)[2],
    "12_where_a_kernel_fails": lambda n, o: o.startswith("the weights turned"),
    "01_shape_of_a_matrix": lambda n, o: numbers(o) == [n[n[5]], n[n[5] - 1]],
    "08_wrong_gradient_that_learns": lambda n, o: "may still be wrong" in o,
    "02_the_flip": lambda n, o: rows(o)[0] == slid(n[:6], n[6:9][::-1]),
    "02_a_row_of_the_toeplitz_matrix": lambda n, o: (
        rows(o)[0] == [slid([int(i == j) for i in range(6)], n[:3])[n[3]] for j in range(6)]
    ),
    "03_size_of_the_map": lambda n, o: numbers(o) == [fits(n[0], n[2]), fits(n[1], n[3])],
    "03_size_with_stride": lambda n, o: numbers(o) == [fits(n[0], n[2], n[4]), fits(n[1], n[3], n[4])],
    "03_which_kernel_convolves": lambda n, o: flat(o) == n[:4][::-1],
    "03_shifted_picture": lambda n, o: numbers(o) == [n[1] + n[3], n[2] + n[4]],
    "04_which_keeps_brightness": lambda n, o: sum(flat(o)) == (0 if n else 1),
    "04_direction_by_sobel": direction,
    "04_which_is_separable": lambda n, o: all(
        a * d == b * c for (a, c), (b, d) in itertools.combinations(zip(*rows(o), strict=True), 2)
    ),
    "05_shape_of_the_output": lambda n, o: numbers(o) == [n[0], fits(n[1], n[5]), fits(n[2], n[6]), n[4]],
    "06_max_pooling": lambda n, o: flat(o) == [max(one) for one in windows(n[3:19], 4, 2, 2).values()],
    "06_where_the_gradient_goes": winner,
    "06_shape_after_pooling": lambda n, o: numbers(o) == [fits(n[0], n[3], n[3]), fits(n[1], n[4], n[4]), n[2]],
    "06_adaptive_windows": adaptive,
    "07_where_parameters_and_work_sit": lambda n, o: (
        numbers(o) == [network(n[3], n[0], n[1], 1, 1)[0], n[0] * n[1] * n[2] * fits(n[3], n[1]) ** 2]
    ),
    "09_cross_entropy": lambda n, o: abs(float(o) - sum(math.log(m) for m in n[1:8:2]) / 4) < 6e-4,
    "09_fair_test": lambda n, o: len(set(numbers(o))) == 4,
    "09_coin_tossing": coin,
}


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_exactly_the_right_option_is_found_again(name):
    for student in range(60):
        question = asked(name, student)
        found = [
            letter for letter, option in zip("abcd", question.options) if RIGHT[name](Numbers(question.text), option)
        ]
        assert found == [question.answer], (question.text, question.options)


def test_every_item_is_found_again():
    assert set(AGAIN) | set(RIGHT) == set(BANK)


def test_a_planted_fault_in_an_item_would_be_seen():
    question = asked("02_outputs_of_valid", 1)
    assert AGAIN["02_outputs_of_valid"](Numbers(question.text)) != question.answer + 1
