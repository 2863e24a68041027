"""Description of the hardware, for the cards of models."""

import platform
from pathlib import Path


def machine() -> str:
    """Describe the processor, torch's number of threads and the GPU, such as `AMD EPYC, 2 threads, no GPU`."""
    import torch

    accelerator = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
    return f"{processor()}, {torch.get_num_threads()} threads, {accelerator}"


def processor() -> str:
    """Return the kind of processor."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
