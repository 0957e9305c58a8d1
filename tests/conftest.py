"""Settings that all tests share."""

import signal

from hypothesis import settings

# The same examples in every run, so that two runs agree, and no deadline: a busy machine is no fault.
settings.register_profile("course", derandomize=True, deadline=None)
settings.load_profile("course")

# A shell that starts a job in the background, as some CI machines do, tells it to ignore Ctrl-C, and so
# it would be for every process that a test starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
