"""Tests that `structure.py` finds folders, modules and functions over its size limits, and none in this project."""

from pathlib import Path

from tests.project import structure


def test_lines_of_functions_are_counted_without_docstrings() -> None:
    source = (
        'def f():\n    """One.\n\n    Two.\n    """\n    return 1\n\n\nclass A:\n    def g(self):\n        return 2\n'
    )
    assert dict(structure.function_lines(source)) == {"f": 2, "g": 2}


def test_nothing_in_this_project_is_too_large(capsys) -> None:
    assert structure.main(structure.ROOT) == 0, capsys.readouterr().err


def test_each_folder_or_module_or_function_over_its_limit_is_printed(tmp_path: Path, capsys) -> None:
    folder = tmp_path / "core" / "crowd"
    folder.mkdir(parents=True)
    for number in range(15):
        (folder / f"module_{number}.py").write_text("x = 1\n")
    (folder / "__init__.py").write_text("")
    (folder / "module_0.py").write_text("x = 1\n" * 251)
    (folder / "module_1.py").write_text("def long():\n" + "    x = 1\n" * 40)
    assert structure.main(tmp_path) == 1
    printed = capsys.readouterr().err
    assert "folder core/crowd has 15" in printed
    assert "module core/crowd/module_0.py has 251" in printed
    assert "function core/crowd/module_1.py:long has 41" in printed
