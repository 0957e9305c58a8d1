"""`python -m coursekit.doctor`, or `python coursekit/doctor` in a clone: print all findings."""

import os
import sys

if not __package__:  # started as a folder: its own modules must not be taken for others
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from coursekit import doctor


def main(arguments):
    if arguments:
        sys.exit("python -m coursekit.doctor takes no arguments. Received: " + " ".join(arguments))
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a path may hold letters that the terminal has not
    findings = doctor.examine()
    print(doctor.report(findings))
    count = sum(finding.state == doctor.PROBLEM for finding in findings)
    print("\nNo problem: the lectures run here." if not count else f"\nProblems: {count}. Begin with the first.")
    sys.exit(1 if count else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
