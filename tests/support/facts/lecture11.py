"""The numbers of lecture 11, Why did networks grow so deep, and what holds them together?"""

from facts import Fact

FACTS = (
    Fact(
        "11.alexnet",
        "AlexNet's neurons; the first number of the paper fits no square map",
        "alexnet-neurons",
        ("290,400", "253,440", "186,624", "64,896", "64,896", "43,264", "4,096", "4,096", "1,000"),
    ),
    Fact(
        "11.counts",
        "parameters of LeNet-5, AlexNet, VGG16, ResNet-18, ResNet-50 and U-Net",
        "count-five",
        ("61,706", "60,965,224", "138,357,544", "11,699,112", "25,610,152", "31,030,658"),
    ),
    Fact("11.vanish", "0.1³ is 0.001 and 2³ is 8", "vanish", ("0.001", "8")),
    Fact("11.halved", "49 halvings of the squared length", "norms-table", ("4.2e-08",)),
    Fact("11.plain", "plain networks of depth 20 and 50", "depth-table", ("0.97", "0.93", "0.25", "0.10")),
    Fact("11.means", "4, 2 and 4 means; 32·28·28 numbers in each", "axes-counts", ("4", "2", "4", "25,088")),
    Fact("11.keras", "batch, layer and group as Keras", "axes-keras", ("True", "True", "True", "True")),
    Fact("11.moving", "5 (1 − 0.99¹⁰⁰) = 3.17; then 4 becomes −1 and 0.8", "moving", ("3.17", "-1.0", "0.8")),
    Fact("11.one_by_one", "192·25·32, or through 16 channels", "one-by-one-count", ("153,600", "15,872")),
    Fact("11.places", "1, 15 and 8 × 15 places", "fully-sizes", ("1", "1", "1", "15", "8", "15")),
    Fact("11.bins", "seven places in three bins", "adaptive", ("0", "1", "2", "2", "3", "4", "4", "5", "6", "576")),
)
