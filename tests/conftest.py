"""Settings that all tests share."""

from hypothesis import settings

# The same examples in every run, so that two runs agree, and no deadline: a busy machine is no fault.
settings.register_profile("course", derandomize=True, deadline=None)
settings.load_profile("course")
