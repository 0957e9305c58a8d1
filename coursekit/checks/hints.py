"""What a student is told after a second wrong answer: {exercise: a way to the answer, never the answer}."""

HINTS = {
    # 00 Start here
    "00.three_steps": "The slope of x² at x is 2x. A step takes rate times slope away from x; repeat from the new x.",
    "00.one_step": "Write the place after one step as a formula in the rate, and ask for which rate it is 0.",
    "00.draws": "Draw from 0 to 1 first, or tell rng.uniform both ends. Make the generator inside the function.",
    "00.softmax": "Take the largest score of each row away before the exponential, with keepdims=True along axis 1.",
    "00.descend": (
        "Begin the list with the start. In each step, compute the slope 2(x - 3) at the last place of the list."
    ),
    # 01 From a neuron to a network
    "01.by_hand": "Compute the three hidden sums, set the negative ones to 0, and only then weigh and add them.",
    "01.kinks": "A unit bends where its sum w·x + b is 0. What does one with w = 0 do, and what do two at one place?",
    "01.plateau": (
        "Each corner of the curve needs a unit that bends there; if its w is 1, v is the change of slope there."
    ),
    "01.collapse": "Put the output of the first layer into the second and multiply out. What becomes of b1?",
    "01.logistic": (
        "With m = y(Xw + b) the loss of one example is log(1 + exp(-m)). Derive it with the chain rule, then average."
    ),
    # 02 Convolution in one dimension
    "02.by_hand": (
        "Put the kernel under the first three samples without flipping it, multiply, add, and move on by one."
    ),
    "02.delay": "Which place of the kernel looks two samples back, when its middle lies on the sample to be replaced?",
    "02.same": "How many zeros must be added at each end so that the first window is centred on the first sample?",
    "02.toeplitz": "How many rows are there, if each is one place of the kernel? In which column does row i begin?",
    "02.matches": (
        "Compare word with strand[i : i + len(word)] letter by letter, for each i at which the word still fits."
    ),
    # 03 Convolution of images
    "03.by_hand": (
        "How often does a 2 × 2 window fit into 3 rows and 4 columns? Write out the first window's four products."
    ),
    "03.border_outputs": "Count the outputs whose windows lie wholly inside, and take them away from all.",
    "03.shift_zero": "Begin with zeros. Which part of the picture is still visible, and where does it land?",
    "03.correlate_same": (
        "np.pad with half of the kernel's height and width, then two loops over the places of the picture."
    ),
    "03.equivariance_error": (
        "Two ways to the same place: first shift, then layer; first layer, then shift. Compare them."
    ),
    # 04 Edge filters
    "04.ramp": "Write down the nine values around a pixel of brightness 0, and multiply. A sum of weights of 0 helps.",
    "04.diagonal": (
        "Bright along the line must count positive, and everything else must pay for it until an even area gives 0."
    ),
    "04.separable": (
        "Make the column a kernel of shape (n, 1) and the row one of shape (1, m): column[:, None], row[None, :]."
    ),
    "04.preferred_orientation": (
        "Double the angles, add arrows cos and sin times response, take arctan2, halve, and wrap."
    ),
    # 05 Convolutional layers
    "05.output_shape": "'same' with a stride rounds up; the kernel's size plays no part. How many channels come out?",
    "05.parameters": "A kernel is as deep as its input. How many channels does the second layer get?",
    "05.feature_map": "Output row i begins at picture row i · s. How many such rows fit?",
    "05.zeros_needed": "Windows cover k, k + s, k + 2s … pixels. Which of these is the first that is not less than n?",
    "05.layer": (
        "One output number is a sum over rows, columns and input channels: multiply a window by w[..., k] and sum."
    ),
    # 06 Pooling and receptive fields
    "06.pooled_shape": "Use (n - k)/s + 1, rounded down, for rows and columns. Pooling treats each channel by itself.",
    "06.resnet_field": (
        "Carry two numbers along: the field grows by (kernel - 1) · jump, then the jump is multiplied by the stride."
    ),
    "06.layers_needed": "n layers see 1 + n(kernel - 1) pixels. Solve for n, and round up.",
    "06.max_pool_backward": (
        "For each window find the winner with argmax, and *add* the gradient there: windows may overlap."
    ),
    "06.order_error": "Write both results on lines of their own, and let the same `pooling` make both. Then compare.",
    "06.sees": "Go from the last layer back to the first: which inputs does output `position` of this layer read?",
    # 07 Counting parameters
    "07.larger_picture": "What do five poolings by 2 leave of 448? Then count as before: rows · columns · channels.",
    "07.work": "A convolution uses each weight once at every place of its output, a dense layer once in all.",
    "07.slim": "Where does the first Flatten stand in the tuple? Keep what is before it, and the last layer.",
    "07.count": (
        "Carry side and channels from layer to layer, and note when a dense layer has made one long row of them."
    ),
    # 08 Training
    "08.steps": "How many batches has one epoch, the last one smaller?",
    "08.softmax_slope": "Probabilities minus 1 at the right class; do not forget that the loss is a mean.",
    "08.dense_gradients": "If n, inputs and outputs all differ, only one product of each pair fits: transpose which?",
    "08.kernel_gradient": "Weight u meets x[u + i · stride] in output i. Add up what each output passes back.",
    "08.best_epoch": "Keep the best loss and its epoch, and count how many epochs have passed since.",
    # 09 Real or fake?
    "09.colour_parameters": (
        "Which layers see the colours themselves, and which only see what the kernels made of them?"
    ),
    "09.confusion": "Go through the pairs (label, prediction) and add 1 at that row and column.",
    "09.accuracy_by_group": (
        "For each value in np.unique(groups), take only the images of that group and the share of hits."
    ),
    "09.split": "Shuffle the indices of each class by themselves, and cut the share off each.",
    # 10 How the fakes were made
    "10.size": "Where does the last stamp begin, and where does it end?",
    "10.stamps": "Begin with zeros of the full length, and add x[i] · w from place i · stride on.",
    "10.unevenness": "Stamp a row of ones with a kernel of ones, and look at one period in the middle.",
    "10.losses": (
        "The discriminator wants real to be 1 and fake to be 0; the generator wants its fakes to be taken for real."
    ),
    # 11 Architectures
    "11.bottleneck": (
        "Each of the three convolutions has kernel height · kernel width · channels in · channels out weights."
    ),
    "11.residual_block": "Compute what the branch gives, add x to it, and only then apply the last ReLU.",
    "11.group_norm": "Give the channels two axes, (groups, channels of a group); over which axes is one mean taken?",
    "11.dice": "Count the pixels that both masks mark, and those of each mask. What if there are none at all?",
    # 12 The neural tangent kernel
    "12.kernel_value": (
        "Sum over the units: what both inputs make of it (for v), and, where both are on, v² times x · z; all over m."
    ),
    "12.feature_map": "f = Σ v·ReLU(w · x)/√m. Derive it once in w of each unit, once in v.",
    "12.infinite_kernel": (
        "Compute lengths and cosine first, clip the cosine, then put them into the formula term by term."
    ),
    "12.kernel_regression": (
        "What is still wrong at the training inputs is y - start. Solve with `square`, carry over with `across`."
    ),
}
