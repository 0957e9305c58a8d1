"""A short quiz in which each student gets questions and numbers of their own; for lecturers only.

    python -m coursekit.grading.quiz draw ROSTER.csv --out DIR --secret S
    python -m coursekit.grading.quiz grade SUBMISSIONS --quiz DIR --out grades/

`items` says what a question is, `lecture01` … `lecture12` hold the bank, `drawing` chooses from it,
`notebook` and `printed` write what students get, `answers` reads what they hand in, `grade` gives the points.
"""
