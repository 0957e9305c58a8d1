"""The cells of lectures 00 to 07 that do not run where there is no TensorFlow, each with the reason.

All others run there and show what is stored. test_without_tensorflow.py proves both.
"""

IMPORTS = "imports TensorFlow or Keras"
KERAS = "builds a Keras network or layer, or is called for one"
FOLLOWS = "shows what a Keras network gave"

CELLS = {
    "00": {
        "import-numpy-as-np-import-2": IMPORTS,
        "models-reproducible-seed-0": "seeds TensorFlow",
        "tape": "differentiates with TensorFlow's tape",
        "any-loss": "differentiates with TensorFlow's tape",
        "descent": "differentiates with TensorFlow's tape",
        "along-np-linspace-2-2-2": "shows the steps that were taken with TensorFlow's tape",
    },
    "01": {},
    "02": {"import-keras-import-numpy-as": IMPORTS, "keras": KERAS},
    "03": {
        "import-keras-from-keras-import": IMPORTS,
        "def-dense-network-return-keras": KERAS,
        "def-trained-build-prepare-seed-2": KERAS,
        "def-as-drawn-pictures-return": KERAS,
        "labels-f-kind-n-how": FOLLOWS,
        "permutation": FOLLOWS,
        "dense-twin": KERAS,
    },
    "04": {"from-coursekit-import-models-before": IMPORTS, "keras-equal": KERAS},
    "05": {
        "import-keras-from-keras-import": IMPORTS,
        "def-as-keras-kernels-bias": KERAS,
        "worked-map-keras": KERAS,
        "keras-layer-as-keras-w": KERAS,
        "trials-stride-2-padding-same-2": KERAS,
        "leftover": KERAS,
        "keras-refuses": KERAS,
        "count": KERAS,
        "def-network-activation-return-keras": KERAS,
        "def-training-errors-activation-seed-2": KERAS,
        "errors-name-training-errors-name-2": KERAS,
        "factor": FOLLOWS,
        "plots-points-list-needed-values-2": FOLLOWS,
        "broken": KERAS,
        "broken-counted": FOLLOWS,
    },
    "06": {
        "import-keras-import-numpy-as": IMPORTS,
        "x-np-random-default-rng": KERAS,
        "pool-keras-sequential-keras-input": KERAS,
        "def-small-network-pooling-return": KERAS,
        "gradient-field": KERAS,
        "noise-np-random-default-rng": KERAS,
        "support-equals-field": FOLLOWS,
        "relu-subset": KERAS,
        "shown-mask-influence-slopes-0-2": FOLLOWS,
        "blind-strip": KERAS,
        "def-random-network-depth-side": KERAS,
        "def-measured-field-depth-networks-2": KERAS,
        "effective-field": KERAS,
        "titles-f-depth-layers-2-2": FOLLOWS,
    },
    "07": {
        "import-keras-import-numpy-as": IMPORTS,
        "cifar-three-ways": KERAS,
        "colour-picture-three-ways": KERAS,
        "brain-three-ways": KERAS,
        "second-three-ways": KERAS,
        "vgg-three-ways": KERAS,
        "networks-alexnet-architectures-alexnet-v": KERAS,
        "comparison": "compares eleven networks, one of them from Keras",
        "protocols-protocol-for-protocol-in-2": "compares eleven networks, one of them from Keras",
    },
}
# Runs, and says another thing: that TensorFlow is missing.
SAYS_OTHERWISE = {"00": {"doctor"}}
