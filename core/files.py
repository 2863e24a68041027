"""Files that are never half written."""

from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Write beside, then rename: a kill leaves the old file or the new one, never half of one; whoever
    reads meanwhile sees one of them too."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(content)
    beside.replace(path)
