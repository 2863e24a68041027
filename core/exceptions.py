"""The exception for input that cannot be used."""

from collections.abc import Iterable


class InputError(Exception):
    """Raised if a user's input cannot be used. The message tells the user what to do.

    The command line prints the message and exits with 1. Pages show it in an error box. Errors of other types keep
    their traceback, because they are bugs. The exception is an OSError that names a file: the command line prints a
    message for it, without a traceback.
    """


LONGEST_MESSAGE = 300
"""Largest number of characters of a message, so that it stays one readable sentence whatever the input is."""


def shortened(value: object, width: int = 60) -> str:
    """Return a foreign value as one line of at most `width` characters that can be shown, for use in a message."""
    text = " ".join(str(value)[: 10 * width].split())  # the slice keeps a value of gigabytes cheap
    text = "".join(character if character.isprintable() else "\ufffd" for character in text)
    return text if len(text) <= width else f"{text[: width - 3]}..."


def unknown_name(kind: str, name: str, known: Iterable[str]) -> InputError:
    """Return the error for an unknown name: `unknown model 'cn-seed'; choose from cnn-seed, ...`.

    The list of known names is cut if it is too long for a message.
    """
    names = [shortened(known_name) for known_name in known]
    if not names:
        return InputError(f"unknown {kind} '{shortened(name)}'; there is none yet.")
    start = f"unknown {kind} '{shortened(name)}'; choose from "
    shown = min(len(names), 50)  # more never fit
    while len(start) + len(", ".join(names[:shown])) > LONGEST_MESSAGE - len(", ...") and shown > 1:
        shown -= 1
    return InputError(f"{start}{', '.join(names[:shown])}{'.' if shown == len(names) else ', ...'}")
