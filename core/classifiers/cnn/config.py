"""The config of a network and its training."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from core.classifiers.configs import SEEDS, Limits
from core.exceptions import InputError
from core.vision.crops import FACE_SIZE

Pooling = Literal["flatten", "average"]
Stem = Literal["pixels", "squares"]
Halving = Literal["max", "average"]

SHARE = 0, 1
"""Limits of a share or a probability."""

MOST_CHANNELS, MOST_LAYERS, MOST_WEIGHTS = 2048, 200, 100_000_000
"""Largest numbers of channels, of convolutions and of weights. Larger networks would need too much memory."""


@dataclass(frozen=True)
class Augmentation:
    """Limits and probabilities of the random changes to each face. The defaults change nothing."""

    flip: float = 0.0
    """Probability that a face is mirrored."""
    shift: float = 0.0
    """Largest shift on each axis, as a share of the face's side."""
    scale: float = 0.0
    """Largest change of size. With 0.2, the factors are 0.8 to 1.2."""
    rotation: float = 0.0
    """Largest rotation in either direction, in degrees."""
    brightness: float = 0.0
    """Largest change of brightness, as a share of the range of gray levels."""
    contrast: float = 0.0
    """Largest change of contrast. With 0.2, the factors are 0.8 to 1.2."""
    erasing: float = 0.0
    """Probability that a rectangle of 2 to 20 % of the face is painted over (Zhong et al. 2020, "Random Erasing")."""
    crop: int = 0
    """Side in pixels of the central square that is cut out of a face after the shift; 0 for the whole face."""


@dataclass(frozen=True)
class CnnConfig:
    """Hyperparameters of a network and its training. The defaults are those of the notebook project."""

    seed: int = 42
    """Random seed of the initial weights, the image order, dropout and augmentation."""
    start: str = ""
    """Model whose weights are the initial weights; it must have the same architecture. Empty: random weights."""
    blocks: tuple[tuple[int, ...], ...] = ((16, 16), (32, 32), (64,))
    """Channels of the 3x3 convolutions, one inner list per block. Between blocks, pooling layers halve the image."""
    halving: Halving = "max"
    """Kind of pooling between blocks. An average changes less than a maximum if a face is moved a little."""
    stem: Stem = "pixels"
    """Input of the first block. `pixels`: one channel. `squares`: four channels, the pixels of each 2x2 square."""
    residual: bool = False
    """Whether a residual connection bridges each pair of convolutions that keeps the number of channels."""
    pooling: Pooling = "flatten"
    """Input of the head. `flatten`: all positions, after one more pooling layer. `average`: the mean over positions."""
    hidden: int = 256
    """Units of the hidden layer; 0 for a head of one linear layer."""
    dropout: float = 0.5
    """Share of units that are dropped before each linear layer."""
    epochs: tuple[int, ...] = (10, 5)
    """Number of epochs of each phase. Each phase starts with a new optimiser and a new schedule."""
    learning_rates: tuple[float, ...] = (1e-3, 1.5e-3)
    """Largest learning rate of each phase; `schedule` lowers it."""
    optimiser: Literal["adam", "adamw", "sgd"] = "adam"
    """Kind of optimiser. `sgd` uses Nesterov momentum 0.9."""
    weight_decay: float = 0.0
    """Weight decay of the optimiser."""
    schedule: Literal["step", "cosine"] = "step"
    """`step` divides the rate by 10 every 5 epochs. `cosine` raises it for 5 % of the phase, then lowers it to 0."""
    batch_size: int = 64
    """Images per gradient step."""
    label_smoothing: float = 0.0
    """Share of each target that is spread over all classes (Szegedy et al. 2016)."""
    weight_averaging: float = 0.0
    """Decay per step of the moving average of the weights. The average is validated and kept. 0: no average."""
    start_share: float = 0.0
    """Share of the `start` model's weights in the final weights; the trained weights have the rest. Such a mean often
    generalises better than either set of weights (Wortsman et al. 2022, "Robust fine-tuning"). 0: no mean."""
    batch_statistics: Literal["moving", "clean"] = "moving"
    """Batch-normalisation statistics used in predictions. `moving`: moving averages over augmented training batches.
    `clean`: means over the training faces without augmentation (similar to Touvron et al. 2019)."""
    mixup: float = 0.0
    """Alpha of Beta(alpha, alpha), from which mixup draws the share of each image (Zhang et al. 2018). 0: no mixup."""
    sharpness: float = 0.0
    """Radius of sharpness-aware minimisation (Foret et al. 2021). Gradients are computed after the weights have moved
    by this distance in the direction of a higher loss. 0: plain gradients."""
    class_weights: Literal["none", "balanced", "sampler"] = "none"
    """`balanced` weights each loss by the inverse frequency of its class. `sampler` draws all classes equally often."""
    teachers: tuple[str, ...] = ()
    """Models of the family cnn whose mean probabilities the network learns (Hinton et al. 2015). They need `views`."""
    teacher_share: float = 0.0
    """Share of the teachers' probabilities in the target. The true label has the rest."""
    teacher_temperature: float = 1.0
    """Divisor of the teachers' logits. Below 1, their probabilities become sharper."""
    steady_targets: bool = False
    """Whether a face has the same target in all epochs: the mean of the teachers' probabilities over several copies of
    the face without erasing. The network itself sees a new copy in each epoch."""
    views: int = 0
    """Number of augmented copies of each training image. The epochs use them in turn; 0 for a new copy in each epoch.
    Every second copy is the mirror image of the copy before it. With `steady_targets`, each epoch has a new copy, and
    the targets are computed from this number of copies."""
    fit_on: Literal["train", "train+val"] = "train"
    """Splits to train on. `train+val` leaves no images for choosing the best epoch, so the last epoch is kept."""
    augmentation: Augmentation = field(default_factory=Augmentation)
    """Random changes to the training images."""
    mirror: bool = False
    """Whether a prediction is the mean over the face and its mirror image."""
    window: int = 48
    """Side in pixels of the central square of a face that is used in predictions."""

    # Only numbers that matter in training: `check_config` checks the others, also when a trained model is loaded.
    LIMITS: ClassVar[Limits] = {
        "seed": SEEDS,
        "hidden": (0, 16_384),
        "dropout": (0, 0.99),
        "epochs": (1, 100_000),
        "learning_rates": (1e-9, 100),
        "weight_decay": (0, 100),
        "batch_size": (2, 100_000),  # batch normalisation needs two images
        "label_smoothing": SHARE,
        "weight_averaging": (0, 0.999999),
        "start_share": SHARE,
        "mixup": (0, 1000),
        "sharpness": (0, 100),
        "teacher_share": SHARE,
        "teacher_temperature": (0.01, 100),
        "views": (0, 10_000),
        "augmentation.flip": SHARE,
        "augmentation.shift": SHARE,
        "augmentation.scale": (0, 0.99),  # 1 would shrink a face to nothing
        "augmentation.rotation": (0, 360),
        "augmentation.brightness": SHARE,
        "augmentation.contrast": SHARE,
        "augmentation.erasing": SHARE,
    }

    @property
    def total_epochs(self) -> int:
        return sum(self.epochs)


def check_config(config: CnnConfig) -> None:
    """Raise InputError if a value is out of range or contradicts another one."""
    if not config.epochs or min(config.epochs) < 1:
        raise InputError("epochs must list the length of each phase, at least 1, such as [20].")
    if len(config.learning_rates) < len(config.epochs):
        raise InputError(
            f"epochs has {len(config.epochs)} phases, but learning_rates has only {len(config.learning_rates)} values; "
            "give one per phase."
        )
    if not config.blocks or not all(block and min(block) > 0 for block in config.blocks):
        raise InputError("blocks must be lists of channel numbers, such as [[16, 16], [32]].")
    _check_size(config)
    if not 1 <= config.window <= FACE_SIZE or not 0 <= config.augmentation.crop <= FACE_SIZE:
        raise InputError(f"window must be 1 to {FACE_SIZE} pixels, and augmentation.crop 0 to {FACE_SIZE} pixels.")
    if config.start_share and not config.start:
        raise InputError("start_share needs the model whose weights are mixed in; name it with start.")
    uses_whole_faces = config.window == FACE_SIZE and config.augmentation.crop in (0, FACE_SIZE)
    if config.pooling == "flatten" and not uses_whole_faces:
        raise InputError(
            "a network whose pooling is flatten takes only whole faces; leave window and augmentation.crop unset."
        )
    for side in (config.window, config.augmentation.crop or FACE_SIZE):
        if not fits_side(config, side):
            even = ", and takes only even sides" if config.stem == "squares" else ""
            raise InputError(
                f"this network cannot take sides of {side} pixels: it halves images {_halvings(config)} times{even}; "
                "use fewer blocks, or another window or augmentation.crop."
            )


def fits_side(config: CnnConfig, side: int) -> bool:
    """Whether images of this side have at least one pixel left after all poolings."""
    is_divisible = config.stem == "pixels" or side % 2 == 0
    return is_divisible and side >> _halvings(config) >= 1


def _halvings(config: CnnConfig) -> int:
    """Return how often the network halves an image. A network that flattens also pools after its last block."""
    return len(config.blocks) - (config.pooling == "average") + (config.stem == "squares")


def _check_size(config: CnnConfig) -> None:
    """Raise InputError if the network would need too much memory."""
    channels = [width for block in config.blocks for width in block]
    if len(channels) > MOST_LAYERS or max(channels) > MOST_CHANNELS or _weights(config, channels) > MOST_WEIGHTS:
        raise InputError(
            f"this network is too large; use at most {MOST_LAYERS} convolutions with at most {MOST_CHANNELS:,} "
            f"channels, and {MOST_WEIGHTS:,} weights in all."
        )


def _weights(config: CnnConfig, channels: list[int]) -> int:
    """Return the approximate number of weights, without biases."""
    convolutions = sum(9 * before * after for before, after in zip([1, *channels], channels, strict=False))
    side = FACE_SIZE >> _halvings(config) if config.pooling == "flatten" else 1
    return convolutions + channels[-1] * side**2 * max(config.hidden, 7)
