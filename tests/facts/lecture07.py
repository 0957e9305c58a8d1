"""The numbers of lecture 07, Counting parameters."""

from facts import Fact

FACTS = (
    Fact(
        "07.cifar",
        "three dense layers on a grey CIFAR picture have 562,200 weights, and two kernels of 10×10 with "
        "one matrix have 2,248",
        "cifar-pencil",
        ("562,200", "2,248", "250"),
    ),
    Fact(
        "07.cifar_three_ways",
        "table and Keras count the two CIFAR networks alike",
        "cifar-three-ways",
        ("562,200", "562,200", "2,248", "2,248"),
    ),
    Fact(
        "07.colour_picture",
        "one dense layer on a 200×200 colour picture has 1.4·10¹⁰ parameters, 57.6 GB; three kernels of "
        "3×3 have 84",
        "colour-picture",
        ("14,400,120,000", "1.4e+10", "57.6", "84", "336"),
    ),
    Fact(
        "07.colour_picture_three_ways",
        "formula and table agree, and Keras where the layer fits into memory",
        "colour-picture-three-ways",
        ("14,400,120,000", "14,400,120,000", "1,441,200", "1,441,200", "1,441,200"),
    ),
    Fact(
        "07.brain",
        "the brain classifier has 832 + 0 + 0 + 61,506 = 62,338 parameters, 98.7% of them in the dense "
        "layer",
        "brain-pencil",
        ("832", "0", "0", "61,506", "62,338", "98.7"),
    ),
    Fact(
        "07.brain_three_ways",
        "table and Keras say the same, layer by layer",
        "brain-three-ways",
        ("832", "0", "0", "61506", "62,338", "832", "0", "0", "61506", "62,338"),
    ),
    Fact(
        "07.second",
        "the second brain classifier has 832 + 4,128 + 200,832 + 258 = 206,050 parameters",
        "second-pencil",
        ("832", "4,128", "200,832", "258", "206,050"),
    ),
    Fact(
        "07.second_three_ways",
        "table and Keras count the second one alike",
        "second-three-ways",
        ("832", "4128", "200832", "258", "206,050", "206,050"),
    ),
    Fact(
        "07.in_colour",
        "in colour only the first layer grows, from 832 to 2,432 parameters",
        "in-colour",
        ("832", "2,432", "62,338", "63,938", "832", "2,432", "206,050", "207,650"),
    ),
    Fact(
        "07.vgg_formula",
        "VGG A, A-LRN, B, C, D and E by formula",
        "vgg-formula",
        ("132,863,336", "132,863,336", "133,047,848", "133,638,952", "138,357,544", "143,667,240"),
    ),
    Fact(
        "07.vgg_d",
        "VGG-D, layer by layer: parameters",
        "vgg-d",
        ("1,792", "36,928", "73,856", "147,584", "295,168", "590,080", "590,080", "1,180,160",
         "2,359,808", "2,359,808", "2,359,808", "2,359,808", "2,359,808", "102,764,544", "16,781,312",
         "4,097,000", "138,357,544", "15,470,264,320", "60,983,200"),
    ),
    Fact(
        "07.vgg_layers",
        "the convolutions of the six VGG networks, layer by layer",
        "vgg-layers",
        (*["1,792"] * 6, *["36,928"] * 4, *["73,856"] * 6, *["147,584"] * 4, *["295,168"] * 6,
         *["590,080"] * 6, "65,792", "590,080", "590,080", "590,080", *["1,180,160"] * 6, *["2,359,808"] *
         6, "262,656", "2,359,808", "2,359,808", "2,359,808", *["2,359,808"] * 12, "262,656", "2,359,808",
         "2,359,808", "2,359,808"),
    ),
    Fact(
        "07.vgg_head",
        "all six VGG networks end in the same three dense layers",
        "vgg-head",
        ("102,764,544", "16,781,312", "4,097,000", "123,642,856"),
    ),
    Fact(
        "07.vgg_share",
        "86% to 93% of the parameters of VGG are in the dense layers",
        "vgg-share",
        ("9,220,480", "93", "9,220,480", "93", "9,404,992", "93", "9,996,096", "93", "14,714,688", "89",
         "20,024,384", "86"),
    ),
    Fact(
        "07.vgg_three_ways",
        "formula, table and Keras agree on all six: 133, 133, 133, 134, 138, 144 million",
        "vgg-three-ways",
        ("132,863,336", "133", "True", "132,863,336", "133", "True", "133,047,848", "133", "True",
         "133,638,952", "134", "True", "138,357,544", "138", "True", "143,667,240", "144", "True"),
    ),
    Fact(
        "07.vgg_costs",
        "multiply-adds and memory of the six VGG networks, for one picture",
        "vgg-costs",
        ("7,609,090,048", "36.5", "7,609,090,048", "49.3", "11,308,466,176", "55.8", "11,770,888,192",
         "61.0", "15,470,264,320", "61.0", "19,632,062,464", "66.2"),
    ),
    Fact(
        "07.vgg_training",
        "to train VGG-D on 32 pictures with Adam takes 2.2 GB for the parameters and 2.0 GB for the "
        "outputs at least",
        "vgg-training",
        ("2.2", "2.0"),
    ),
    Fact(
        "07.comparison",
        "size (M), work (G) and published top-1 accuracy of the classic networks",
        "comparison",
        ("61.0", "0.72", "59.3", "138.4", "15.47", "71.9", "11.7", "1.81", "72.1", "21.8", "3.66", "75.5",
         "25.6", "3.86", "77.2", "44.7", "7.57", "78.2", "60.3", "11.28", "78.6", "132.9", "7.61", "70.4",
         "138.4", "15.47", "73.0", "143.7", "19.63", "72.7", "4.3", "0.57", "70.6"),
    ),
)
