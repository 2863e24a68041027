"""Training by several processes at once, on one machine or on many, as torchrun starts them."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar

from core.exceptions import InputError

if TYPE_CHECKING:
    from torch import Tensor, nn

T = TypeVar("T")

GONE = (
    "another process of this training has ended, so this one ends too. Nothing is lost: the same command goes on "
    "from the last epoch that was finished."
)


@dataclass(frozen=True)
class Group:
    """The processes that train together. All draw the same batches, and each learns from its share of them."""

    rank: int = 0
    """This process, from 0; process 0 alone writes files and talks."""
    size: int = 1

    @property
    def writes(self) -> bool:
        return self.rank == 0

    def check(self, batch_size: int) -> None:
        """Raises InputError where batches of this size cannot be shared equally."""
        if batch_size % self.size or batch_size < 2 * self.size:
            raise InputError(
                f"batches of {batch_size} images cannot be shared equally by {self.size} processes, at least two "
                f"images each; start another number of them (--nproc-per-node), or change batch_size with --set."
            )

    def share(self, batch: Tensor) -> Tensor:
        """(n, ...) -> (n // size, ...): this process' images; a rest that cannot be shared equally is left out."""
        return batch[: len(batch) // self.size * self.size][self.rank :: self.size] if self.size > 1 else batch

    def together(self, network: nn.Module) -> nn.Module:
        """The network, with weights like process 0's and gradients averaged over all (Li et al. 2020)."""
        if self.size == 1:
            return network
        from torch.nn.parallel import DistributedDataParallel

        return DistributedDataParallel(network)

    def total(self, values: Tensor) -> Tensor:
        """The sum of all processes' values."""
        if self.size > 1:
            from torch import distributed

            distributed.all_reduce(values)
        return values

    def agreed(self, value: T) -> T:
        """Process 0's value, whatever the others hold."""
        if self.size == 1:
            return value
        from torch import distributed

        values: list[Any] = [value]
        distributed.broadcast_object_list(values)
        return values[0]  # type: ignore[no-any-return]


ALONE = Group()


def started_by_torchrun() -> bool:
    return int(os.environ.get("WORLD_SIZE", "1")) > 1


@contextmanager
def group() -> Iterator[Group]:
    """The processes that torchrun has started, gathered: through NCCL on GPUs, else through gloo; else `ALONE`.

    Raises InputError as soon as one of them is gone; where torchrun notices first, the process ends with that sentence.
    """
    if not started_by_torchrun():
        yield ALONE
        return
    import torch
    from torch import distributed

    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    signal.signal(signal.SIGTERM, _told_to_stop)  # torchrun ends with it those that are left
    try:
        distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
        yield Group(distributed.get_rank(), distributed.get_world_size())
        gc.collect()  # what a wrapped network leaves behind holds the group's threads, and they must end before exit
        distributed.destroy_process_group()
    except RuntimeError as error:
        if not _is_about_peers(error):
            raise
        raise InputError(GONE) from error


def _told_to_stop(_number: int, _frame: FrameType | None) -> None:
    # At once, for an exception could surface anywhere, even in the handling of another one, and be printed as such.
    # A checkpoint that is being written is not the one that counts before it is whole.
    os.write(2, f"Error: {GONE}\n".encode())
    os._exit(1)


def _is_about_peers(error: RuntimeError) -> bool:
    from torch import distributed

    # gloo's errors come out of the backward pass as plain RuntimeErrors that begin with its source file.
    return isinstance(error, distributed.DistError) or "gloo" in str(error)
