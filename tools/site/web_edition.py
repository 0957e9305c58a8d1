"""`make site`: builds the web edition into tools/site/_build, or says what is wrong and leaves nothing."""

import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))  # the glossary lies in tools


def main():
    """Build the site and say where it is."""
    from edition import SiteError, building

    start = time.perf_counter()
    try:
        out = building.build()
    except SiteError as error:
        sys.exit(str(error))
    print(f"{out / 'index.html'} ({time.perf_counter() - start:.0f} s)")


if __name__ == "__main__":
    main()
