"""A short quiz in which each student gets questions and numbers of their own; for lecturers only.

    python -m coursekit.grading.quiz draw ROSTER.csv --out DIR --secret S
    python -m coursekit.grading SUBMISSIONS --quiz DIR --out GRADES
    python -m coursekit.grading.quiz export --to canvas|moodle|text --out DIR --secret S

`items` says what a question is, `lecture01` … `lecture12` hold the bank, `drawing` chooses from it,
`notebook` and `printed` write what students get, `answers` reads what they hand in, `grade` gives the points.
`export` writes many `variants` of each question for `canvas`, `moodle` or as `plaintext`.
"""
