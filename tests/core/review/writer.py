"""Set many marks, one by one: `python -m tests.core.review.writer NAME FIRST LAST`.

The number of each mark is printed when it is stored. Tests run several of these at once, and kill some.
"""

import sys

from core.review import store
from core.review.marks import Mark, now

DATA_SET = "fer2013"


def main(name: str, first: int, last: int) -> None:
    for number in range(first, last):
        store.add(DATA_SET, [Mark(f"{name}/{number}", "interesting", None, f"{name}\n{number}", now())])
        print(number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
