"""The machine that this runs on: its kind in words, and how fast a model is on it."""

import platform
from pathlib import Path


def machine() -> str:
    """The kind of processor and accelerator, in words."""
    import torch

    accelerator = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
    return f"{_processor()}, {torch.get_num_threads()} threads, {accelerator}"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
