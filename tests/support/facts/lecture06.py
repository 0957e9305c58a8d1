"""The numbers of lecture 06, Pooling and receptive fields."""

from facts import Fact

FACTS = (
    Fact(
        "06.max_by_hand",
        "Max pooling of the 4×4 example with 2×2 windows gives 5, 4, 7, 6.",
        "pool-by-hand",
        ("5", "4", "7", "6"),
    ),
    Fact(
        "06.average_by_hand",
        "Average pooling of the same gives 2.75, 1.75, 3, 2.",
        "pool-by-hand",
        ("2.75", "1.75", "3.0", "2.0"),
    ),
    Fact(
        "06.default_stride",
        "Without a stride windows touch: 2×2 outputs of 4×4, as with stride 2.",
        "default-stride",
        ("2", "2", "2", "2"),
    ),
    Fact(
        "06.pooled_volume",
        "2×2 pooling with stride 2 makes 112×112×64 of 224×224×64: the depth is kept.",
        "pooled-volume",
        ("224", "224", "64", "112", "112", "64"),
    ),
    Fact(
        "06.pooled_volume_quarter", "A quarter of the numbers is left.", "pooled-volume", ("3,211,264", "802,816", "25")
    ),
    Fact(
        "06.partial_windows",
        '"Valid" drops partial windows of 5×5 and loses the 9 and the 8, "same" keeps both.',
        "partial-windows",
        ("5", "4", "7", "6", "9", "8", "4.5"),
    ),
    Fact("06.leftover", "4×4 pooling fits into 124 rows and leaves over 2 of 30.", "leftover", ("31", "0", "7", "2")),
    Fact(
        "06.winners",
        "The winners of the example: 5 in row 1, column 0; 4 in 1, 2; 7 in 2, 1; 6 in 3, 2.",
        "winners",
        ("5", "1", "0", "4", "1", "2", "7", "2", "1", "6", "3", "2"),
    ),
    Fact(
        "06.way_back",
        "The gradient 10, 20, 30, 40 arrives at the winners and nowhere else.",
        "winner-takes-all",
        ("10", "0", "20", "0", "0", "30", "0", "0", "0", "0", "40"),
    ),
    Fact(
        "06.shift_without_pooling",
        "A shift of 1 and 2 pixels leaves the edge features 0.84 and 0.58 alike.",
        "shift-curves",
        ("1.00", "0.84", "0.58"),
    ),
    Fact(
        "06.adaptive",
        "Five pixels pooled adaptively to three: means 1.5, 3, 4.5, maxima 2, 4, 5.",
        "adaptive",
        ("1.5", "3.0", "4.5", "2", "4", "5"),
    ),
    Fact(
        "06.global_saves",
        "Global pooling makes 66 of the 61,506 parameters of the dense layer.",
        "global-saves",
        ("61,506", "66"),
    ),
    Fact(
        "06.three_layers_see_seven",
        "Three 3×3 layers see 3, 5 and 7 pixels along each axis.",
        "seven",
        ("3", "5", "7", "7"),
    ),
    Fact(
        "06.thirty_against_fifty",
        "Three 3×3 layers have 3·(3·3 + 1) = 30 parameters, one of 7×7 has 50.",
        "thirty-or-fifty",
        ("30", "50", "30", "50"),
    ),
    Fact(
        "06.twenty_five_against_eighteen",
        "A 5×5 kernel has 25 weights, two of 3×3 have 18.",
        "twenty-five-or-eighteen",
        ("25", "18"),
    ),
    Fact(
        "06.field_with_strides",
        "Convolution 3, pooling 2, convolution 3, pooling 2: fields 3, 4, 8, 10, jumps 1, 2, 2, 4.",
        "field-by-hand",
        ("3", "1", "4", "2", "8", "2", "10", "4"),
    ),
    Fact(
        "06.ten_layers",
        "Ten layers of 3 see 21 pixels with stride 1 and 2,047 with stride 2.",
        "ten-layers",
        ("21", "2,047"),
    ),
    Fact(
        "06.vgg16_field",
        "Behind the last pooling of VGG16 the field is 212×212, the jump 32.",
        "vgg-by-loop",
        ("212", "32", "212", "212", "32", "32"),
    ),
    Fact(
        "06.support_equals_field",
        "With positive weights the gradient is not zero on the 8×8 calculated pixels.",
        "support-equals-field",
        ("64", "64"),
    ),
    Fact(
        "06.relu_uses_a_part",
        "With ReLU and max pooling a hundred pictures together use all 64.",
        "relu-subset",
        ("64", "64"),
    ),
    Fact(
        "06.brain_fields",
        "The second brain classifier sees 5, 8, 12, 24 and 120 pixels.",
        "brain-fields",
        ("5", "8", "12", "24", "120"),
    ),
    Fact(
        "06.blind_strip",
        "The second brain classifier does not depend on rows and columns 120 to 127.",
        "blind-strip",
        ("0.0", "0.0", "119", "119"),
    ),
    Fact(
        "06.vgg_fields",
        "The five poolings of VGG16 see 6, 16, 44, 100 and 212 pixels.",
        "vgg-fields",
        ("6", "16", "44", "100", "212"),
    ),
    Fact(
        "06.paths",
        "Three layers of 3: 1, 3, 6, 7, 6, 3, 1 paths from seven pixels.",
        "paths",
        ("1", "2", "3", "2", "1", "9", "1", "3", "6", "7", "6", "3", "1", "27"),
    ),
    Fact(
        "06.effective_field",
        "The bell of the measured influence fills about 0.6, 0.5 and 0.3 of the field.",
        "effective-field",
        ("13", "0.6", "21", "0.5", "49", "0.3"),
    ),
    Fact(
        "06.kernel_sizes",
        "Weights of 1×1, 3×3, 5×5, 7×7 kernels and of stacks of 3×3, for 64 channels.",
        "kernel-sizes",
        ("4,096", "36,864", "102,400", "200,704", "73,728", "110,592"),
    ),
    Fact(
        "06.kernel_costs",
        "Multiply-adds and memory of 5×5, and of two layers of 3×3, at 56×56 places.",
        "kernel-sizes",
        ("321,126,400", "802", "231,211,008", "1,605"),
    ),
    Fact(
        "06.relu_after_pooling",
        "Max pooling and ReLU commute; behind 2×2 pooling ReLU sees 802,816 of 3,211,264 numbers.",
        "order-of-relu",
        ("True", "3,211,264", "802,816"),
    ),
)
