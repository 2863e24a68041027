"""`python -m core VERB`: everything that the dashboard shows, from a terminal or a script."""

import argparse
import sys

from core.commands import COMMANDS
from core.exceptions import InputError


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    for verb, module in COMMANDS.items():
        description = module.__doc__ or ""
        verb_parser = verbs.add_parser(verb, help=description.splitlines()[0], description=description)
        module.configure(verb_parser)
        verb_parser.set_defaults(run=module.run)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; returns the exit code: 0 done, 1 bad input or a refused file (with a sentence), 2 bad usage."""
    options = build_parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except InputError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.filename is None:
            raise
        print(f"Error: {error.filename}: {error.strerror}; check its permissions and free space.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. Nothing that was whole before has been changed.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
