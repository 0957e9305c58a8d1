"""Questions on lecture 11, Architectures."""

from coursekit.grading.quiz.items import choice, item, number, plain, written


@item("11")
def weights_of_a_bottleneck(dice):
    wide, narrow, k = 16 * dice.integer(4, 20), 8 * dice.integer(1, 6), dice.one_of([3, 5])
    found = wide * narrow + k * k * narrow * narrow + narrow * wide
    return (
        f"A 1×1 convolution reduces {wide} channels to {narrow}, a {k}×{k} convolution keeps {narrow}, and a 1×1 "
        f"convolution goes back to {wide}. There are no biases. How many weights do the three have together?",
        number(
            found,
            {
                f"that is one {k}×{k} convolution on all channels": k * k * wide * wide,
                "the way back is missing": wide * narrow + k * k * narrow * narrow,
                "a kernel has more than one weight for each pair of channels": 2 * wide * narrow + narrow * narrow,
                "there are no biases": found + 2 * narrow + wide,
            },
        ),
        f"{wide}·{narrow} + {k}·{k}·{narrow}·{narrow} + {narrow}·{wide} = {plain(found)}.",
    )


@item("11")
def two_small_kernels(dice):
    channels = 4 * dice.integer(2, 32)
    found = 2 * 9 * channels**2
    return (
        f"Two 3×3 convolutions in a row, each from {channels} to {channels} channels and without biases, see as many "
        "pixels as one 5×5 convolution. How many weights do the two have together?",
        number(
            found,
            {
                "that is the 5×5 convolution": 25 * channels**2,
                "that is only one of them": 9 * channels**2,
                "each kernel reads all channels": 18 * channels,
            },
        ),
        f"2 · 3 · 3 · {channels} · {channels} = {plain(found)}.",
    )


@item("11")
def slope_that_explodes(dice):
    factor, layers = dice.integer(2, 6), dice.integer(3, 9)
    found = factor**layers
    return (
        f"On its way back, each of {layers} layers multiplies a slope by {factor}. By what is it multiplied in all?",
        number(
            found,
            {
                "factors multiply, they do not add up": factor * layers,
                "there is one layer more": factor ** (layers - 1),
                "the factor is raised to the number of layers": layers**factor,
            },
        ),
        f"{factor} to the power {layers} is {plain(found)}.",
    )


@item("11")
def slope_that_vanishes(dice):
    factor, layers = dice.integer(4, 9) / 10, dice.integer(3, 6)
    found = round(factor**layers, 6)
    return (
        f"On its way back, each of {layers} layers multiplies a slope by {factor}. By what is it multiplied in all? "
        "Give three decimals.",
        number(
            found,
            {
                "factors multiply, they do not add up": factor * layers,
                "there is one layer more": factor ** (layers - 1),
                "there is one layer fewer": factor ** (layers + 1),
            },
            digits=3,
        ),
        f"{factor} to the power {layers} is {found:.3f}.",
    )


@item("11")
def variance_after_blocks(dice):
    blocks, start = dice.integer(3, 9), dice.integer(1, 5)
    found = start * 2**blocks
    return (
        f"Numbers with variance {start} enter {blocks} residual blocks in a row. Each branch gives out numbers of the "
        "same variance as enter it, unrelated to them. What is the variance after the last block?",
        number(
            found,
            {
                "the variance doubles in each block": start * (blocks + 1),
                "there is one block more": start * 2 ** (blocks - 1),
                "x is added, so the variance does not stay": start,
            },
        ),
        f"Each sum doubles it: {start} times 2 to the power {blocks} is {plain(found)}.",
    )


@item("11")
def output_of_a_residual_block(dice):
    x, branch = dice.integers(3, -6, 7, different=True), dice.integers(3, -6, 7, different=True)
    found = sum(max(one + other, 0) for one, other in zip(x, branch))
    return (
        f"A residual block computes the ReLU of x + F(x). Here x is {written(x)} and F(x) is {written(branch)}. What "
        "is the sum of its three outputs?",
        number(
            found,
            {
                "the ReLU is missing": sum(x) + sum(branch),
                "the skip is missing": sum(max(other, 0) for other in branch),
                "the ReLU comes after the sum": sum(max(one, 0) + max(other, 0) for one, other in zip(x, branch)),
                "x is added before the ReLU": sum(one + max(other, 0) for one, other in zip(x, branch)),
            },
        ),
        f"Add entry by entry, set negative sums to 0, and add up: {plain(found)}.",
    )


@item("11")
def numbers_in_a_batch_mean(dice):
    pictures, rows, columns, channels = (dice.integer(*ends) for ends in ((2, 32), (5, 12), (13, 20), (3, 9)))
    found = pictures * rows * columns
    return (
        f"A block holds {pictures} pictures of {rows}×{columns} pixels with {channels} channels. Over how many numbers "
        "does batch normalisation take each of its means?",
        number(
            found,
            {
                "that is layer normalisation": rows * columns * channels,
                "each channel has a mean of its own": found * channels,
                "the pixels of all pictures share a mean": rows * columns,
                "pixels share a mean too": pictures,
            },
        ),
        f"All pixels of all pictures, one channel: {pictures} · {rows} · {columns} = {plain(found)}.",
    )


@item("11")
def means_of_a_group_norm(dice):
    pictures, groups, each = dice.integer(3, 32), dice.integer(2, 8), dice.integer(2, 6)
    channels = groups * each
    return (
        f"Group normalisation with {groups} groups works on {pictures} pictures with {channels} channels. How many "
        "means does it compute?",
        number(
            pictures * groups,
            {
                "that is layer normalisation": pictures,
                "that is batch normalisation": channels,
                "each picture has means of its own": groups,
                "channels of a group share a mean": pictures * channels,
            },
        ),
        f"One for each picture and group: {pictures} · {groups} = {plain(pictures * groups)}.",
    )


@item("11")
def moving_average(dice):
    mean, batches = 10 * dice.integer(1, 30), dice.integer(2, 4)
    found = round(mean * (1 - 0.9**batches), 6)
    return (
        f"A batch normalisation keeps a moving mean m: it begins at 0, and each batch replaces it by 0.9 m + 0.1 times "
        f"the mean of the batch. The mean of every batch is {mean}. What is m after {batches} batches? Give two "
        "decimals.",
        number(
            found,
            {
                "it is still on its way": mean,
                "that is what is missing": round(mean * 0.9**batches, 6),
                "each batch adds a tenth of what is missing, not of all": round(mean * 0.1 * batches, 6),
                "that is one batch fewer": round(mean * (1 - 0.9 ** (batches - 1)), 6),
            },
            digits=2,
        ),
        f"What is missing shrinks by 0.9 with each batch, so m is {plain(found)}.",
    )


@item("11")
def places_of_a_large_kernel(dice):
    halvings, kernel, extra = dice.integer(1, 3), dice.integer(3, 8), dice.integer(1, 9)
    side = 2**halvings * (kernel + extra)
    return (
        f"A network halves its maps {halvings} time{'s' * (halvings > 1)}, its convolutions keep the size, and its "
        f"last layer is a {kernel}×{kernel} convolution without padding. The picture is {side} pixels wide. How many "
        "places does the last layer have along the width?",
        number(
            extra + 1,
            {
                "the first place counts too": extra,
                "the kernel must fit in": kernel + extra,
                "the maps were halved before": side - kernel + 1,
            },
        ),
        f"The maps are {kernel + extra} wide, and {kernel + extra} − {kernel} + 1 = {extra + 1}.",
    )


@item("11")
def dice_of_two_masks(dice):
    common, more, other = dice.integer(10, 60), dice.integer(5, 40), dice.integer(5, 40)
    found, truth = common + more, common + other
    share = 2 * common / (found + truth)
    return (
        f"A network marks {found} pixels, the truth has {truth}, and {common} pixels are in both. What is Dice? Give "
        "three decimals.",
        number(
            share,
            {
                "that is intersection over union": common / (found + truth - common),
                "the common pixels count twice": share / 2,
                "that is the share of the truth that was found": common / truth,
                "that is the share of marked pixels that are right": common / found,
            },
            digits=3,
        ),
        f"2 · {common} / ({found} + {truth}) = {share:.3f}.",
    )


@item("11")
def shift_of_a_unet(dice):
    halvings, times = dice.integer(2, 5), dice.integer(1, 6)
    step = 2**halvings
    right = f"{step * times} pixels"
    return (
        f"A network shaped like a U halves its maps {halvings} times, by pooling with stride 2, and makes them as "
        "large as before. By how much may a picture be shifted so that the scores are shifted by as much and "
        "otherwise equal, far from the border, whatever the weights?",
        choice(
            right,
            {
                "half a step meets other pooling windows": f"{step * times + step // 2} pixels",
                "one pixel meets other pooling windows": f"{step * times + 1} pixels",
                "a pixel fewer meets other pooling windows": f"{step * times - 1} pixels",
            },
        ),
        f"By multiples of {step}, the product of the strides: {right}.",
    )
