"""Command line of FERscope: import data, train and measure models, and predict the expressions in photos."""

import argparse
import sys

from core import __version__
from core.commands import COMMANDS
from core.exceptions import InputError


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    parser.add_argument("--version", action="version", version=f"FERscope {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, module in COMMANDS.items():
        description = module.__doc__ or ""
        command_parser = commands.add_parser(name, help=description.splitlines()[0], description=description)
        module.configure(command_parser)
        command_parser.set_defaults(run=module.run)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit code.

    It is 0 for success, 1 for input or files that cannot be used, and 130 after Ctrl+C. Raises SystemExit(2) for
    invalid arguments.
    """
    options = build_parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except InputError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.filename is None:
            raise
        remedy = "check its permissions and the free disk space"
        print(f"Error: {error.filename}: {error.strerror}; {remedy}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. No file is left half-written.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
