"""Find folders, modules and functions that are too large: `python -m tests.project.structure [FOLDER]`.

`make check` runs this. FOLDER is another checkout of the project to examine, for example an older version.
"""

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Limits(NamedTuple):
    """Maximum number of modules per folder, lines per module, and lines per function without its docstring."""

    modules: int
    lines: int
    function_lines: int


LIMITS = {"core": Limits(14, 250, 40), "dashboard": Limits(14, 250, 40), "tests": Limits(14, 400, 10_000)}
"""Limits by top-level folder; 10,000 means no limit. `__init__.py` does not count as a module."""


class Size(NamedTuple):
    """The size of a folder, module or function."""

    kind: str
    """folder, module or function"""
    path: str
    """Path relative to the project, followed by `:name` for a function."""
    size: int
    """Modules of a folder; lines of a module or function."""
    limit: int


def sizes(root: Path) -> Iterator[Size]:
    """Yield the size of every folder, module and function in the folders of `LIMITS`."""
    for top, limits in LIMITS.items():
        files = [file for file in sorted((root / top).rglob("*.py")) if file.name != "__init__.py"]
        for folder, modules in Counter(file.parent for file in files).items():
            yield Size("folder", _relative_path(folder, root), modules, limits.modules)
        for file in files:
            text = file.read_text(encoding="utf-8")
            yield Size("module", _relative_path(file, root), len(text.splitlines()), limits.lines)
            for name, lines in function_lines(text):
                yield Size("function", f"{_relative_path(file, root)}:{name}", lines, limits.function_lines)


def function_lines(source: str) -> Iterator[tuple[str, int]]:
    """Yield the name of each function and its number of lines without the docstring."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            has_docstring = ast.get_docstring(node, clean=False) is not None
            docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if has_docstring else 0
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1 - docstring


def _relative_path(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _unit(kind: str) -> str:
    return "modules" if kind == "folder" else "lines"


def main(root: Path) -> int:
    """Print the largest sizes, and an error for everything that is too large. Return the exit code."""
    all_sizes = list(sizes(root))
    for top in LIMITS:
        for kind in ("folder", "module", "function"):
            of_kind = [size for size in all_sizes if size.kind == kind and size.path.split("/")[0] == top]
            if of_kind and not (top == "tests" and kind == "function"):
                largest = max(of_kind, key=lambda size: size.size)
                print(f"{top}: largest {kind} {largest.path}, {largest.size} {_unit(kind)} (at most {largest.limit})")
    too_large = [size for size in all_sizes if size.size > size.limit]
    for size in too_large:
        found = f"{size.kind} {size.path} has {size.size} {_unit(size.kind)}"
        print(f"Too large: {found}, but the limit is {size.limit}; split it.", file=sys.stderr)
    return bool(too_large)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT))
