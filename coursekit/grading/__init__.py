"""Grading of handed-in notebooks, for lecturers: `python -m coursekit.grading SUBMISSIONS --assignment hw1`.

Student code runs only in a sandbox (`sandbox`, `worker`); the tests stay outside, in `grader`, and see values
that were copied as bytes (`wire`, `session`), so no submission can change how it is graded. `submissions`
reads what learning platforms export, `batch` grades a class, and `reports`, `feedback` and `platforms`
write what comes out.
"""
