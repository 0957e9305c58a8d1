"""The one list of lectures. README's map, the scaffold, the quiz, the decks and the tests read it."""

from typing import NamedTuple


class Lecture(NamedTuple):
    """One lecture: its number ("06"), the name that follows it in every file, and what is said of it.

    `title` is the question that opens the notebook, "" until the lecture is written. `teaches` begins
    with the topic: "Pooling and receptive fields: max and average pooling, …". `runs` is how long all of
    its cells take on two cores, as its first cell states it: "about one minute". `memory` is the most that
    they take, "about 1 GB", which the first cell states too; "" until it is written.
    """

    number: str
    name: str
    title: str
    teaches: str
    runs: str = ""
    memory: str = ""

    @property
    def stem(self):
        """The name of its notebook and of its deck, without the ending.

        >>> find("00").stem
        '00_start_here'
        """
        return f"{self.number}_{self.name}"

    @property
    def topic(self):
        """What it is about, in a few words.

        >>> find("00").topic
        'Start here'
        """
        return self.teaches.partition(":")[0]


LECTURES = (
    Lecture(
        "00",
        "start_here",
        "Is everything here, and does it give the same numbers twice?",
        "Start here: JupyterLab and Colab, seeds and random numbers, gradients by machine",
        "about half a minute",
        "about 1 GB",
    ),
    Lecture(
        "01",
        "from_a_neuron_to_a_network",
        "What does one neuron see in a picture, and why is one not enough?",
        "From a neuron to a network: weights as pictures, layers, why a nonlinearity, why dense layers explode",
        "about twenty seconds",
        "less than 0.5 GB",
    ),
    Lecture(
        "02",
        "convolution_in_one_dimension",
        "How can three weights watch over a signal of any length?",
        "Convolution in one dimension: shared weights, flip or no flip, padding, the Toeplitz matrix",
        "about twenty seconds",
        "about 1 GB",
    ),
    Lecture(
        "03",
        "convolution_of_images",
        "How can a handful of numbers look at a whole picture?",
        "Convolution of images: the sliding window by hand, equivariance to shifts, why geometry matters",
        "about one minute",
        "about 1 GB",
    ),
    Lecture(
        "04",
        "edge_filters",
        "How can nine numbers find an edge?",
        "Edge filters: Sobel, Gauss and Gabor kernels, and a filter that is learned from data",
        "less than one minute",
        "about 1 GB",
    ),
    Lecture(
        "05",
        "convolutional_layers",
        "What does one layer of a convolutional network compute?",
        "Convolutional layers: channels, stride, padding, dilation, activations: shapes that fit and why",
        "about one minute",
        "about 1 GB",
    ),
    Lecture(
        "06",
        "pooling_and_receptive_fields",
        "How much of a picture does one number see?",
        "Pooling and receptive fields: max and average pooling, and how much of the picture a unit sees",
        "less than a minute",
        "about 1 GB",
    ),
    Lecture(
        "07",
        "counting_parameters",
        "How large is a network, and where does its size sit?",
        "Counting parameters: parameters, memory and operations, from a pencil's network to VGG",
        "about half a minute",
        "about 2 GB",
    ),
    Lecture(
        "08",
        "training",
        "How does a network find its weights?",
        "Training: loss, backpropagation by hand and checked, learning rates, learning curves",
        "less than one minute",
        "about 1 GB",
    ),
    Lecture(
        "09",
        "brain_images_real_or_fake",
        "Real or fake? Can a small network tell a recorded brain from an invented one?",
        "The brain-image classifier: a network trained, tested and questioned on images of mouse cortex",
        "about three minutes",
        "about 3 GB",
    ),
    Lecture(
        "10",
        "how_the_fakes_were_made",
        "How does a network learn to invent a brain, and what gives it away?",
        "How the fakes were made: transposed convolution, generator against discriminator, tell-tale artefacts",
        "about two minutes",
        "about 1 GB",
    ),
    Lecture(
        "11",
        "architectures",
        "Why did networks grow so deep, and what holds them together?",
        "Architectures: LeNet, AlexNet, VGG, ResNet and U-Net, and the idea behind each",
        "about two minutes",
        "about 1.5 GB",
    ),
    Lecture(
        "12",
        "the_neural_tangent_kernel",
        "Why do very wide networks hardly move and still learn?",
        "The neural tangent kernel: why very wide networks hardly move and still learn",
        "about a minute",
        "about 1 GB",
    ),
)


def find(number):
    """Return the Lecture of that number. Raises ValueError for a number that no lecture has.

    >>> find("00").name
    'start_here'
    """
    for lecture in LECTURES:
        if lecture.number == number:
            return lecture
    listed = ", ".join(lecture.number for lecture in LECTURES)
    raise ValueError(f"number must be one of {listed}. Received: {number!r}")
