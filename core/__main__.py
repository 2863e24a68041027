"""Command line of FERscope: import data, train and measure models, and predict the expressions in photos and films."""

import argparse
import errno
import sys

from core import __version__
from core.commands import COMMANDS
from core.commands.arguments import CommandParser, Parser, help_text, print_note
from core.exceptions import InputError, shortened
from core.runtime.streams import flush_stdout, prepare_streams, stdout_failure

CLOSED_PIPE = 141
"""Exit code after the reader of stdout has gone, as in `| head -1`: shells give it to programs that SIGPIPE ends."""

REMEDIES = {
    errno.EACCES: "check the permissions of the file and its folder",
    errno.EPERM: "check the permissions of the file and its folder",
    errno.EROFS: "choose a folder that is not read-only",
    errno.ENOSPC: "free some disk space",
    errno.EDQUOT: "free some disk space",
    errno.ENAMETOOLONG: "use a shorter name",
    errno.EEXIST: "remove or rename it",
    errno.ENOENT: "check the name",
    errno.ENOTDIR: "check the name",
    errno.EISDIR: "name a file",
}
"""What a user can do about an error of the operating system."""


def build_parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m core", description=help_text(sys.modules[__name__]))
    parser.add_argument("--version", action="version", version=f"FERscope {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=CommandParser)
    for name, module in COMMANDS.items():
        description = help_text(module)
        command_parser = commands.add_parser(name, help=description.splitlines()[0], description=description)
        module.configure(command_parser)
        command_parser.set_defaults(run=module.run)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit code.

    It is 0 for success, 1 for input or files that cannot be used, 130 after Ctrl+C, and 141 if the reader of the output
    has gone. Raises SystemExit(2) for invalid arguments.
    """
    try:
        try:
            options = build_parser().parse_args(arguments)
            return int(options.run(options))
        finally:
            flush_stdout()  # an output that cannot be written must not go unnoticed
    except InputError as error:
        print_note(f"Error: {error}")
        return 1
    except OSError as error:
        if error.errno is None:  # raised by a library, not by the operating system
            raise
        return _report_os_error(error)
    except KeyboardInterrupt:
        print_note("Stopped. No file is left half-written.")
        return 130


def _report_os_error(error: OSError) -> int:
    if error is not stdout_failure():
        subject = shortened(error.filename or "a file or connection", 120)
    elif isinstance(error, BrokenPipeError):
        return CLOSED_PIPE
    else:
        subject = "the output cannot be written"
    remedy = REMEDIES.get(error.errno or 0, "check its permissions and the free disk space")
    print_note(f"Error: {subject}: {error.strerror}; {remedy}.")
    return 1


if __name__ == "__main__":
    prepare_streams()
    sys.exit(main())
