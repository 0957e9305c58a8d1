"""What runs in Jupyter, and must run here: cells of IPython, kernels of many names, cells that spoil only themselves."""

from small_assignment import CORRELATE, NUMBERS, POSSIBLE, SOFTMAX, accident, made

_HELPER = f"import numpy as np\n{CORRELATE}"


def around(before, after=""):
    """Right answers in a cell of q2 with something before and after them."""
    return {"correlate": f"{before}\n{CORRELATE}\n{after}"}


_CELLS = {
    "display": around("display(1, 'x')\nfrom IPython.display import clear_output\nclear_output()"),
    "get_ipython": around("get_ipython().run_line_magic('matplotlib', 'inline')\nget_ipython().user_ns['x'] = 1\nx"),
    "get_ipython imported": around("from IPython import get_ipython\nget_ipython().system('ls')"),
    "the last value": {"extra": ("CORRECT = 448\nCORRECT", "n_parameters = _", "448;", "n_parameters = _ + 0")},
    "Out and In": {"extra": ("448", "n_parameters = Out[max(Out)]\nassert In[-1].startswith('n_') and 'def' in In[2]")},
    "a command of two lines": around("!pip install a \\\n   b", "!ls \\\n  -l"),
    "an indented cell": {"correlate": "    " + CORRELATE.replace("\n", "\n    ")},
    "prompts of Python": {"correlate": ">>> " + CORRELATE.replace("\n", "\n... ")},
    "prompts of IPython": {"correlate": "In [12]: " + CORRELATE.replace("\n", "\n    ...: ")},
    "await": around(
        "import asyncio\nawait asyncio.sleep(0)\nx = await asyncio.gather(asyncio.sleep(0))\nassert x == [None]"
    ),
    "async with and for": around(
        "class A:\n    async def __aenter__(self): return 1\n    async def __aexit__(self, *a): pass\n"
        "async def g():\n    yield 2\nasync with A() as one:\n    async for two in g(): pass\nassert (one, two) == (1, 2)"
    ),
    # The small assignment forbids functions, so no other program starts: a command gives no lines and costs nothing.
    # That it gives its lines elsewhere, test_grading_jupyter.py shows.
    "files of a command": around("open('here.txt', 'w').close()\nfiles = !ls\nassert [*files] == []"),
    "a variable in a command": around("x = 'made'\n!mkdir {x}\nimport os\nassert not os.path.exists(x)"),
    "%run": {"correlate": f"%%writefile helper.py\n{_HELPER}", "extra": ("%run helper.py",)},
    "%run without an end": {"correlate": f"%%writefile helper.py\n{_HELPER}", "extra": ("%run helper",)},
    "%%writefile and import": {
        "correlate": f"%%writefile mine.py\n{_HELPER}",
        "extra": ("from mine import correlate",),
    },
    "%%writefile -a": {
        "correlate": "%%writefile mine.py\nimport numpy as np\n",
        "extra": (f"%%writefile -a mine.py\n{CORRELATE}", "from mine import *"),
    },
    "%time keeps": {
        "softmax": f"def make():\n{_HELPER}".replace("\n", "\n    ") + "\n    return correlate\n%time made = make()"
        f"\n{SOFTMAX}",
        "correlate": "correlate = made",
    },
    "%time of a value": around("x = %time 5 + 1\nassert x == 6"),
    "%%time": {"correlate": f"%%time\n{CORRELATE}"},
    "%%time that ends its process": {"correlate": f"%%time\n{CORRELATE}\nimport os; os._exit(1)"},
    "%timeit": around("x = 1\n%timeit -n 10 -r 3 x + 1\n%timeit y = x"),
    "%timeit -o": around(
        "t = %timeit -o -n 3 -r 2 sum(range(9))\nprint(f'{t.average:.2e} {t.best * 1000:.3f}', t.all_runs)"
    ),
    "input": around("name = input('Who are you? ')\nassert name == ''"),
    "Colab's drive": around("from google.colab import drive, files as f\ndrive.mount('/content/drive')"),
    "Colab asked for": around(
        "try:\n    import google.colab\n    there = True\nexcept ImportError:\n    there = False\nassert not there"
    ),
    "%pylab, %who, %store and more": around(
        "%who\n%whos\n%pylab inline\n%load_ext tensorboard\n%precision 3\n%xmode Verbose\n%lsmagic\n%history\n"
        "%store x\n%alias ll ls\n%bookmark here\n%rehashx\n%gui\n%debug\n%pdb off\n%tb"
    ),
    "programs": around(
        "import os, platform, subprocess, sys\nplatform.uname()\n!ls\n!{sys.executable} -c 'print(1)'\n"
        "subprocess.check_call([sys.executable, '-m', 'pip', 'install', 'numpy'])\n"
        "subprocess.check_output('nvidia-smi', shell=True)\nos.popen('nproc').read()\nos.system('clear')"
    ),
    "%%timeit": {
        "extra": ("%%timeit -n 3\nz = sum(range(9))\nz + 1", "try: z\nexcept NameError: pass\nelse: softmax = None")
    },
    "%%capture": {
        "correlate": f"%%capture out\nprint('said')\n{CORRELATE}",
        "extra": ("assert out.stdout == 'said\\n'",),
    },
    "magics in a line": around("%matplotlib inline\n%load_ext autoreload\n%autoreload 2\n%config InlineBackend.x = 1"),
    "a magic beside text and a continuation": around(
        '%matplotlib inline\ntext = """\n% no magic\n!ls\n"""\nassert "% no magic" in text and "!ls" in text\n'
        "x = 7 \\\n  % 4\nassert x == 3\ny = (9\n% 5)\nassert y == 4"
    ),
    "help": around("np.array?", "softmax??\n?np"),
    "%pip and %conda": around("%pip install --quiet numpy\n%conda install x\n!pip install x\n!!ls"),
    "a folder and a variable": around(
        "%env COLOUR=red\nimport os\nassert os.environ['COLOUR'] == 'red'\n%cd /tmp\n%pwd"
    ),
    "cells of other languages": {"extra": ("%%bash\nmkdir x", "%%html\n<b>", "%%javascript\nlet x", "%%R\nx <- 1")},
    "an unknown magic": around("%no_such_magic at all\n%who", "%%no_such\nx"),
    "a magic in a branch and in a function": around("if True:\n    %matplotlib inline\ndef f():\n    !ls\nf()"),
    "the future": {"extra": ("from __future__ import annotations\ndef f(x: Nowhere): pass", "def g(x: Nowhere): pass")},
    "a long cell": {"extra": (f"x = {'1 + ' * 8000}1", "text = '" + "x" * 25_000 + "'")},
    "cells that do not parse": {"extra": ("def (", "x = = 1", "(" + "\n" * 19_900, "print 'x'", "\0", "'''")},
    "deep nesting": {"extra": ("(" * 5000, "x = " + "[" * 150 + "]" * 150, "-" * 20_000 + "1")},
    "spaces": {"extra": (f"q1 = x{' ' * 20_000}", "# " + "(" * 20_000, "%" * 5000)},
    "a figure": {"extra": ("%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",)},
    "silent checks": {"extra": ("grader.check('q1')\nresult = grader.check_all()\nprint(result)\nresult",)},
}
_KERNELS = ("conda-env-dl-py", "xpython", "tf_gpu", "python3.12", "mein-kernel", "")
JUPYTER = {
    **{f"Jupyter: {name}": made(POSSIBLE, **parts) for name, parts in _CELLS.items()},
    **{
        f"kernel {name!r} without a language": made(
            POSSIBLE, kernelspec={"name": name, "display_name": "x"}, language_info={}
        )
        for name in _KERNELS
    },
    "newer syntax": made(
        POSSIBLE,
        "the grader runs Python",
        extra=("def f[T](x: T): return x", 'd = {"a": 1}\nf"{d["a"]}"', "x = t'{1}'"),
    ),
    "a helper that is not there": accident("%run nowhere.py", says="hand it in beside the notebook"),
    "a question that kills twice": made(
        (0, 6, 2), softmax="def softmax(Z):\n    import os\n    os._exit(1)", says="the process ended"
    ),
    "two questions that kill": made(
        (0, 0, 2),
        softmax="def softmax(Z):\n    import os\n    os._exit(1)",
        correlate="def correlate(*a, **k):\n    import os\n    os.abort()",
        numbers=NUMBERS,
    ),
    "seven cells that kill": made(POSSIBLE, extra=("import os; os._exit(1)",) * 7),
}
