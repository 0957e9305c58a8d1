# Two commands are all a student needs: `make lab` and `make test`. `make help` lists the others.
# They ask for nothing but make and a Python; PYTHON, LAB_FLAGS and TEST_FLAGS may be given:
#   make lab PYTHON=python3.12 LAB_FLAGS=--no-browser      make test TEST_FLAGS="-k shapes"
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
STAMP := $(VENV)/installed

.DEFAULT_GOAL := help
.PHONY: help lab test test-online test-bare matrix steady links contact-sheet doctor bench slides site present assignments held-out student-release outputs generator accuracies studies gans kernels depths masks lecture badges style lock clean
unexport PYTHONPATH PYTHONHOME  # what else lies on this machine stays out of the environment

# The stamp is written last, so an interrupted installation is never taken for a finished one.
# It holds the folder that it was made in, and the environment's own Python reads it: when the
# folder was moved, or that Python removed, the two differ and the environment is made anew.
ifneq ($(shell $(RUN) -c 'print(open("$(STAMP)").read())' 2>/dev/null),$(CURDIR))
.PHONY: $(STAMP) environment
$(STAMP): environment
endif

define CHECK_PYTHON
import re, sys
bounds = re.search(r'requires-python = ">=3\.(\d+)".*?"tensorflow[^"]*python_version < .3\.(\d+)', open("pyproject.toml").read(), re.S)
low, high = map(int, bounds.groups())
if not (3, low) <= tuple(sys.version_info[:2]) < (3, high):
    sys.exit("The course needs Python 3.%d to 3.%d (TensorFlow has no others), but $(PYTHON) is %d.%d: "
             "install one of them and name it, as in `make lab PYTHON=python3.%d`."
             % (low, high - 1, sys.version_info[0], sys.version_info[1], high - 2))
try:
    import ensurepip, venv
except ImportError:
    sys.exit("$(PYTHON) has no venv module, which makes the course's environment: "
             "install it (on Debian and Ubuntu: sudo apt install python3-venv) and repeat the command.")
endef

environment: export CHECK = $(CHECK_PYTHON)
environment:
	@command -v "$(PYTHON)" >/dev/null || { echo 'There is no "$(PYTHON)" here: install Python' \
	  'from python.org or name one you have, as in `make lab PYTHON=python3.12`.' >&2; exit 1; }
	@"$(PYTHON)" -c "$$CHECK"
	@echo 'Installing the course into $(VENV): 2.6 GB, a few minutes the first time.'
	@rm -f $(STAMP)
	@"$(PYTHON)" -m venv --clear $(VENV)

$(STAMP): requirements.lock pyproject.toml
	@rm -f $(STAMP)
	@# uv is three times as fast as pip; it comes from the lock too, and pip stands in where it fails.
	@# Compiled here, TensorFlow is imported in a third of the time, even where
	@# PYTHONDONTWRITEBYTECODE forbids Python to do it later. (pip compiles unasked.)
	@awk '/^[^ ]/ { wanted = /^uv==/ } wanted' requirements.lock > $(VENV)/uv.txt
	@{ $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt && \
	   $(RUN) -m uv pip sync --python $(RUN) --require-hashes --compile-bytecode requirements.lock; } || \
	 { echo 'uv could not do it, pip tries.'; \
	   $(RUN) -m pip install --disable-pip-version-check --require-hashes -r requirements.lock; } || \
	 { echo 'The installation failed for the reason above; once that is mended, repeat it.' >&2; exit 1; }
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .
	@pwd -P > $(STAMP)

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' Makefile

lab: $(STAMP) ## install what is missing and open the course in JupyterLab
	@echo 'Opening the course map in JupyterLab. To stop it, press Ctrl-C here.'
	@export JUPYTER_CONFIG_PATH="$(CURDIR)/.jupyter$${JUPYTER_CONFIG_PATH:+:$$JUPYTER_CONFIG_PATH}"; \
	  exec $(RUN) -m jupyterlab --LabApp.default_url=/lab/tree/README.md \
	  $(if $(filter 0,$(shell id -u)),--allow-root) $(LAB_FLAGS)

# Memory that a training step gave back is kept for the next one (glibc): to fetch it from the system anew each time
# took half of the time where two trainings share a machine.
test test-online matrix: export MALLOC_MMAP_MAX_ = 0
test test-online matrix: export MALLOC_TRIM_THRESHOLD_ = 17179869184
# And where two workers share two cores, a matrix product that starts a thread for each core waits for the other's, and
# so do TensorFlow's layers. (`make steady` shows that notebooks print the same with one thread and with two.)
test test-online matrix: export OPENBLAS_NUM_THREADS = 1
test test-online matrix: export TF_NUM_INTRAOP_THREADS = 1
# Each kernel and each worker of the grader imports the package: what is compiled is kept, whatever the machine says.
test test-online matrix: export PYTHONDONTWRITEBYTECODE =

test: $(STAMP) ## run all tests and every notebook, comparing what it prints with what is stored
	$(RUN) -m pytest -n 2 --dist loadscope --no-loadscope-reorder $(TEST_FLAGS)

test-online: $(STAMP) ## the tests that need a network: every notebook as on Colab, environment.yml solved
	$(RUN) -m pytest -n 2 -o addopts= tests/online $(TEST_FLAGS)

test-bare: $(STAMP) ## the tests that ask for tools such as Chromium, with none of them and with each one missing alone
	$(RUN) tools/without.py

matrix: $(STAMP) ## run all tests against locked, newest, oldest and Colab's versions (MATRIX_FLAGS="--set oldest --python 3.10")
	$(RUN) tools/matrix.py $(MATRIX_FLAGS)

steady: $(STAMP) ## compare what notebooks print under settings of other machines: make steady ROUNDS=3 STEADY_FLAGS="--settings sse --notebooks 11"
	@$(RUN) tools/steady.py $(if $(ROUNDS),--rounds $(ROUNDS)) $(STEADY_FLAGS)

links: $(STAMP) ## list the links of the course that lead nowhere
	@$(RUN) tools/links.py

contact-sheet: $(STAMP) ## put every figure of every lecture and deck on one page, as stored, to look at
	@$(RUN) tools/contact_sheet.py

doctor: ## say in plain words what on this computer stands in the way of the course
	@$(if $(wildcard $(RUN)),$(RUN),$(PYTHON)) -m coursekit.doctor

bench: $(STAMP) ## measure speed and memory against the plain way of doing the same (BENCH_FLAGS="--scripts import --suite LOG")
	@$(RUN) tools/bench.py $(BENCH_FLAGS)

assignments: $(STAMP) ## make student versions, public tests and the grader's files from the master notebooks
	$(RUN) -m coursekit.grading.build
	@for quiz in assignments/*/quiz.json; do folder=$$(dirname $$quiz); \
	  $(RUN) -m coursekit.grading.quiz practice --settings $$quiz --out $$folder/student/$$(basename $$folder).ipynb || exit 1; done

slides: $(STAMP) ## build the decks into slides/_build, HTML, PDF and a handout without answers; LECTURE=06 takes one
	@$(RUN) -m slides.build $(LECTURE) $(SLIDES_FLAGS)

site: $(STAMP) ## build the web edition into tools/site/_build, from the notebooks as stored; decks that are built come along
	@$(RUN) tools/site/web_edition.py

present: $(STAMP) ## serve one deck with speaker view: make present LECTURE=06
	@$(RUN) -m slides.present $(or $(LECTURE),$(error say which deck, as in `make present LECTURE=06`)) $(PRESENT_FLAGS)

held-out: $(STAMP) ## make the recordings on which homework 3 is graded, which no student has
	$(RUN) -m coursekit.grading.heldout

student-release: $(STAMP) ## write a copy for students to OUT: no solution, hidden test or grader (RELEASE_FLAGS="--lectures 00-09 --answers none")
	$(RUN) -m coursekit.grading.release $(RELEASE_FLAGS) \
	  "$(or $(OUT),$(error say where to, as in `make student-release OUT=../course-for-students`))"

outputs: $(STAMP) ## run the notebooks anew and store what they show; NOTEBOOK=06 takes one
	$(RUN) tools/outputs.py $(NOTEBOOK)

generator: $(STAMP) ## train the generator of the simulated fakes anew and write it to data/
	$(RUN) -m coursekit.models.gan_training data

accuracies: $(STAMP) ## train the classifiers of lecture 09 with five seeds each (data/brain_*.json)
	$(RUN) -m coursekit.models.brain data
	$(RUN) -m coursekit.models.brain_grain data
	$(RUN) -m coursekit.models.brain_patience data

studies: $(STAMP) ## repeat the trainings of lecture 08 with three seeds each (data/training_studies.json)
	$(RUN) -m coursekit.backprop.studies data

gans: $(STAMP) ## train the small generators of lecture 10 with three seeds each (data/small_gans.json, data/ring_gans.json)
	$(RUN) -m coursekit.models.gan_study data
	$(RUN) -m coursekit.models.ring_gan data

kernels: $(STAMP) ## train the networks of lecture 12 with several seeds each (data/ntk_*.json)
	$(RUN) -m coursekit.ntk.study data

depths: $(STAMP) ## train the deep networks of lecture 11 with five seeds each (data/depth_study.json)
	$(RUN) -m coursekit.backprop.depth data

masks: $(STAMP) ## train the U-Nets of lecture 11 with five seeds each (data/segmentation_study.json)
	$(RUN) -m coursekit.models.segmentation data

lecture: $(STAMP) ## write the skeleton of a lecture that coursekit/lectures.py lists: make lecture NUMBER=08
	@$(RUN) tools/lecture.py $(NUMBER)

badges: $(STAMP) ## after a fork, a new lecture, or to pin a term: write address, term and course map into badges, first cells and README
	$(RUN) tools/badges.py

style: $(STAMP) ## lay out the code, and mend what the linter can, as pyproject.toml asks
	$(RUN) -m ruff format .
	$(RUN) -m ruff check --fix .

lock: $(STAMP) ## after a change of pyproject.toml: renew requirements.lock (LOCK_FLAGS=--upgrade)
	$(RUN) -m uv pip compile --quiet --universal --python-version 3.10 --all-extras --generate-hashes \
	  --no-annotate --no-header $(LOCK_FLAGS) \
	  pyproject.toml --output-file requirements.lock

clean: ## remove the environment and everything else that was generated
	rm -rf $(VENV) .colab dist .pytest_cache .hypothesis slides/_build assignments/_build tools/site/_build tools/site/.site-*
	find . -name __pycache__ -prune -exec rm -rf {} +
