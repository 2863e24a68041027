"""`python -m core VERB`: everything that the dashboard shows, for the terminal and for scripts."""

import argparse
import sys

from core import __version__
from core.commands import COMMANDS
from core.exceptions import InputError


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    parser.add_argument("--version", action="version", version=f"FERscope {__version__}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    for verb, module in COMMANDS.items():
        description = module.__doc__ or ""
        verb_parser = verbs.add_parser(verb, help=description.splitlines()[0], description=description)
        module.configure(verb_parser)
        verb_parser.set_defaults(run=module.run)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one verb and return the exit code: 0 for success, 1 for bad input or an unreadable file, 2 for bad usage."""
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
        print("Stopped. Files that existed before are unchanged.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
