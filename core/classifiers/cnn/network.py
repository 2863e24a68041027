"""The convolutional network: blocks of 3x3 convolutions, between which pooling layers halve the image."""

from copy import deepcopy

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval

from core.classifiers.cnn.config import CnnConfig, Halving, Pooling, Stem, check_config


def to_input(faces: Tensor) -> Tensor:
    """(b, 48, 48) uint8 -> (b, 1, 48, 48) float32 in 0..1."""
    return faces.unsqueeze(1).float().div(255).contiguous(memory_format=torch.channels_last)


def central_square(inputs: Tensor, side: int) -> Tensor:
    """(b, 1, 48, 48) -> (b, 1, side, side): the central square."""
    margin = (inputs.shape[-1] - side) // 2
    return inputs[..., margin : margin + side, margin : margin + side]


class ConvNet(nn.Module):
    """A VGG-like (Simonyan and Zisserman 2015) or residual (He et al. 2016) network with batch normalisation.

    The default arguments give the notebook project's network of 0.63 million parameters. A network with average pooling
    accepts square images of any side. A network that flattens accepts only images of side `size`.
    """

    def __init__(
        self,
        blocks: tuple[tuple[int, ...], ...] = ((16, 16), (32, 32), (64,)),
        pooling: Pooling = "flatten",
        hidden: int = 256,
        dropout: float = 0.5,
        stem: Stem = "pixels",
        residual: bool = False,
        halving: Halving = "max",
        size: int = 48,
        classes: int = 7,
    ) -> None:
        super().__init__()
        # The stem `squares` halves the side of the first block's input, which makes the block faster.
        stem_layers = [nn.PixelUnshuffle(2)] if stem == "squares" else []
        channels = 4 if stem == "squares" else 1
        # Before flattening, another pooling layer follows the last block, so that the head has fewer inputs.
        layers = _block_layers(blocks, channels, residual, halving, pool_last=pooling == "flatten")
        self.features = nn.Sequential(*stem_layers, *layers)
        side = size >> (len(blocks) + len(stem_layers))
        self.pool = nn.Flatten() if pooling == "flatten" else nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        width = blocks[-1][-1] * (side * side if pooling == "flatten" else 1)
        self.head = nn.Sequential(*_head_layers(width, hidden, dropout, classes))
        self.takes_whole_faces = pooling == "flatten"

    def forward(self, faces: Tensor) -> Tensor:
        """(b, 1, 48, 48) float in 0..1 -> (b, 7) logits. The comments give shapes for the default arguments."""
        logits: Tensor = self.head(self.embed(faces))  # (b, 7)
        return logits

    def embed(self, faces: Tensor) -> Tensor:
        """(b, 1, 48, 48) float in 0..1 -> (b, 2304) with the default arguments: the input of the head."""
        maps: Tensor = self.features(faces)  # (b, 64, 6, 6)
        embedding: Tensor = self.pool(maps)  # (b, 2304)
        return embedding


class Residual(nn.Module):
    """Two convolutions with a residual connection (He et al. 2016, the basic block)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.change = nn.Sequential(
            *_convolution_layers(width, width), nn.ReLU(inplace=True), *_convolution_layers(width, width)
        )

    def forward(self, maps: Tensor) -> Tensor:
        changed: Tensor = self.change(maps)
        # In place, because a copy of the maps takes as long as some convolutions.
        return changed.add_(maps).relu_()


class Dropout(nn.Dropout):
    """Dropout (Srivastava et al. 2014) that draws its mask in a quarter of the time of `nn.Dropout` on a CPU.

    `nn.Dropout` draws one random number per value. This class splits each random 64-bit number into four 16-bit
    numbers, one per value. The probability is therefore rounded to a multiple of 1 / 65,536.
    """

    def forward(self, values: Tensor) -> Tensor:
        if not self.training or not 0 < self.p < 1 or values.device.type != "cpu":
            return super().forward(values)
        n = values.numel()
        bits = torch.empty((n + 3) // 4, dtype=torch.int64).random_(-(2**63), None).view(torch.int16)
        # A value is kept if its number is among the `kept_numbers` smallest of all 2**16; the smallest is -(2**15).
        kept_numbers = min(max(round((1 - self.p) * 2**16), 1), 2**16 - 1)
        mask = bits[:n].view_as(values) < kept_numbers - 2**15
        return values * mask.to(values.dtype).mul_(2**16 / kept_numbers)


class Predictor(nn.Module):
    """A network for predictions, from gray levels to probabilities. Batch normalisation is folded into other layers."""

    def __init__(self, network: ConvNet, window: int, mirror: bool) -> None:
        super().__init__()
        self.network = _with_folded_normalisation(network)
        self.window = window
        self.mirror = mirror

    def forward(self, faces: Tensor) -> Tensor:
        """(b, 48, 48) uint8 -> (b, 7) float32, before temperature scaling; rows sum to 1."""
        inputs = self.inputs(faces)
        probabilities: Tensor = self.network(inputs).softmax(dim=1)
        if self.mirror:
            probabilities = (probabilities + self.network(inputs.flip(-1)).softmax(dim=1)) / 2
        return probabilities

    def embed(self, faces: Tensor) -> Tensor:
        """(b, 48, 48) uint8 -> (b, width) float32: the input of the head."""
        return self.network.embed(self.inputs(faces))

    def inputs(self, faces: Tensor) -> Tensor:
        """(b, 48, 48) uint8 -> (b, 1, window, window) float32 in 0..1: the input of the network."""
        # Slicing loses the channels_last layout. Without that layout, convolutions take 50 % longer.
        return central_square(to_input(faces), self.window).contiguous(memory_format=torch.channels_last)


def _with_folded_normalisation(network: ConvNet) -> ConvNet:
    """Return a copy in which each batch normalisation is merged (folded) into the layer before it."""
    network = deepcopy(network).eval()
    for layers in [layer for layer in network.modules() if isinstance(layer, nn.Sequential)]:
        for i in range(1, len(layers)):
            before, normalisation = layers[i - 1], layers[i]
            if isinstance(before, nn.Conv2d) and isinstance(normalisation, nn.BatchNorm2d):
                layers[i - 1], layers[i] = fuse_conv_bn_eval(before, normalisation), nn.Identity()
            elif isinstance(before, nn.Linear) and isinstance(normalisation, nn.BatchNorm1d):
                layers[i - 1], layers[i] = fuse_linear_bn_eval(before, normalisation), nn.Identity()
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def _block_layers(
    blocks: tuple[tuple[int, ...], ...], channels: int, residual: bool, halving: Halving, pool_last: bool
) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for number, block in enumerate(blocks, start=1):
        widths = list(block)
        while widths:
            if residual and len(widths) >= 2 and widths[0] == widths[1] == channels:
                layers.append(Residual(channels))
                del widths[:2]
            else:
                layers += [*_convolution_layers(channels, widths[0]), nn.ReLU(inplace=True)]
                channels = widths.pop(0)
        if number == len(blocks) and not pool_last:
            break
        if halving == "average":
            layers.append(nn.AvgPool2d(2))
        elif isinstance(layers[-1], nn.ReLU):
            # ReLU after max pooling gives the same result as ReLU before it, but computes a quarter of the values.
            layers.insert(-1, nn.MaxPool2d(2))
        else:
            layers.append(nn.MaxPool2d(2))
    return layers


def _convolution_layers(channels: int, width: int) -> list[nn.Module]:
    return [nn.Conv2d(channels, width, 3, padding=1), nn.BatchNorm2d(width)]


def _head_layers(width: int, hidden: int, dropout: float, classes: int) -> list[nn.Module]:
    if not hidden:
        return [Dropout(dropout), nn.Linear(width, classes)]
    return [
        Dropout(dropout),
        nn.Linear(width, hidden),
        nn.BatchNorm1d(hidden),
        nn.ReLU(inplace=True),
        Dropout(dropout),
        nn.Linear(hidden, classes),
    ]


def build_network(config: CnnConfig) -> ConvNet:
    """Return the network that a config describes, with initial weights drawn from its seed.

    Torch's global random state stays unchanged. Raises InputError if `check_config` finds a fault in the config.
    """
    check_config(config)
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(config.seed)
        network = ConvNet(
            config.blocks, config.pooling, config.hidden, config.dropout, config.stem, config.residual, config.halving
        )
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]
