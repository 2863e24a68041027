"""Description of the hardware."""

import platform
from pathlib import Path


def machine() -> str:
    """Return the processor, the number of threads and the GPU, in words."""
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
