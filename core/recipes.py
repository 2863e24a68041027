"""The recipes: model name -> (family, config). A config's fields say what each hyperparameter means."""

from dataclasses import replace
from typing import Any, NamedTuple

from core.augment import Augmentation
from core.classifiers.catboost import CatBoostConfig
from core.classifiers.cnn_config import CnnConfig
from core.classifiers.embedding import EmbeddingTreesConfig
from core.classifiers.handmade import HandmadeTreesConfig


class Recipe(NamedTuple):
    family: str
    """A key of `CLASSIFIERS`."""
    config: Any
    """An instance of the family's `config_type`."""
    calibrated_by: str = ""
    """For a fit on train and val together: the model, fitted on train alone, whose calibration it takes over."""
    about: str = ""
    """A sentence on what kind of model it makes; it heads the model's card."""


AUGMENTATION = Augmentation(flip=0.5, shift=0.1, scale=0.15, rotation=12, brightness=0.15, contrast=0.3, erasing=0.4)
"""Of every network but the seed's."""

SEED_AUGMENTED = CnnConfig(
    epochs=(90,),
    learning_rates=(2e-3,),
    optimiser="adamw",
    weight_decay=0.01,
    schedule="cosine",
    batch_size=128,
    weight_averaging=0.999,
    augmentation=AUGMENTATION,
)

TEACHER_1 = CnnConfig(
    seed=1,
    blocks=((48, 48, 48), (112, 112, 112), (224, 224, 224)),
    stem="squares",
    residual=True,
    pooling="average",
    hidden=0,
    dropout=0.3,
    epochs=(125,),
    learning_rates=(0.08,),
    optimiser="sgd",
    weight_decay=5e-4,
    schedule="cosine",
    batch_size=128,
    label_smoothing=0.1,
    weight_averaging=0.999,
    mixup=0.2,
    augmentation=replace(AUGMENTATION, crop=40),
    mirror=True,
)

TEACHER_2 = CnnConfig(
    seed=2,
    blocks=((32, 32), (64, 64), (128, 128, 128), (256, 256)),
    pooling="average",
    hidden=0,
    dropout=0.3,
    epochs=(46,),
    learning_rates=(2e-3,),
    optimiser="adamw",
    weight_decay=0.05,
    schedule="cosine",
    batch_size=128,
    label_smoothing=0.1,
    weight_averaging=0.998,
    mixup=0.1,
    augmentation=replace(AUGMENTATION, crop=40),
    mirror=True,
    window=44,
)

TEACHER_3 = replace(
    TEACHER_2,  # whose weights are its first ones, and whose answers on val give it its temperature
    seed=11,
    start="cnn-teacher-2",
    epochs=(44,),
    mixup=0.2,
    augmentation=replace(AUGMENTATION, crop=44),
    fit_on="train+val",
)

STUDENT = replace(
    TEACHER_1,  # whose weights are its first ones
    seed=6,
    start="cnn-teacher-1",
    dropout=0.2,
    epochs=(80,),
    learning_rates=(1e-3,),
    optimiser="adamw",
    weight_decay=0.05,
    label_smoothing=0.0,
    weight_averaging=0.998,
    teachers=("cnn-teacher-1", "cnn-teacher-2"),
    teacher_share=0.7,
    views=16,
    mirror=False,
    window=40,
)

STUDENT_2 = CnnConfig(
    seed=8,
    blocks=((16, 32), (64, 64), (96, 96, 96), (192, 192, 192)),
    halving="average",
    residual=True,
    pooling="average",
    hidden=0,
    dropout=0.2,
    epochs=(120,),
    learning_rates=(2e-3,),
    optimiser="adamw",
    weight_decay=0.05,
    schedule="cosine",
    batch_size=128,
    weight_averaging=0.999,
    mixup=0.2,
    teachers=("cnn-teacher-1", "cnn-teacher-2", "cnn-student"),
    teacher_share=0.7,
    steady_targets=True,
    views=6,
    augmentation=replace(AUGMENTATION, crop=40),
    window=40,
)

STUDENT_3 = replace(
    STUDENT_2,  # whose weights are its first ones, and whose answers on val give it its temperature
    seed=9,
    start="cnn-student-2",
    epochs=(60,),
    learning_rates=(1e-3,),
    teachers=("cnn-teacher-1", "cnn-teacher-2", "cnn-student", "cnn-student-2"),
    fit_on="train+val",
)

STUDENT_4 = replace(
    STUDENT_3,
    seed=10,
    start="cnn-student-3",
    epochs=(90,),
    learning_rates=(2e-3,),
    teachers=(*STUDENT_3.teachers, "cnn-student-3"),
    augmentation=replace(AUGMENTATION, crop=44),
    window=44,
)

STUDENT_5 = replace(
    STUDENT_4,
    seed=12,
    start="cnn-student-4",
    epochs=(80,),
    teachers=("cnn-teacher-1", "cnn-student", "cnn-teacher-2", "cnn-teacher-3", "cnn-student-3", "cnn-student-4"),
)

CNN = replace(
    STUDENT_5,
    seed=13,
    start="cnn-student-5",
    epochs=(90,),
    teachers=(*STUDENT_5.teachers[:4], "cnn-student-4", "cnn-student-5"),
    teacher_share=0.8,
    start_share=0.5,
    batch_statistics="clean",
)

RECIPES: dict[str, Recipe] = {
    "cnn-seed": Recipe(
        "cnn",
        CnnConfig(),
        about="The network of the notebook project that FERscope grew out of (the seed), with its settings; its "
        "weights are chosen on val, not on the test images.",
    ),
    "catboost-seed": Recipe(
        "catboost", CatBoostConfig(), about="The notebook project's (the seed's) other model: trees on the bare pixels."
    ),
    "catboost": Recipe(
        "catboost-handmade",
        HandmadeTreesConfig(),
        about="Trees on features made by hand, without a neural network: words of gradients and patches, and their "
        "discriminants.",
    ),
    "catboost-on-cnn": Recipe(
        "catboost-embedding", EmbeddingTreesConfig(), about="Trees on what the network cnn-student has learnt to see."
    ),
    "cnn-seed-augmented": Recipe(
        "cnn",
        SEED_AUGMENTED,
        about="The seed's network, unchanged, trained long enough to profit from augmentation of all seven classes.",
    ),
    "cnn-seed-balanced": Recipe(
        "cnn",
        replace(SEED_AUGMENTED, class_weights="balanced"),
        about="cnn-seed-augmented once more, with rare classes weighing as much as common ones: what they gain, and "
        "what the others pay.",
    ),
    "cnn-teacher-1": Recipe(
        "cnn", TEACHER_1, about="A residual network at half the side: first teacher of the network that ships."
    ),
    "cnn-teacher-2": Recipe(
        "cnn", TEACHER_2, about="A plain network on single pixels, so unlike the first teacher that the two err apart."
    ),
    "cnn-teacher-3": Recipe(
        "cnn",
        TEACHER_3,
        calibrated_by="cnn-teacher-2",
        about="cnn-teacher-2, gone on learning from the labels alone, with val added after every choice.",
    ),
    "cnn-student": Recipe(
        "cnn",
        STUDENT,
        about="cnn-teacher-1's network, gone on learning from both teachers' answers and from the labels.",
    ),
    "cnn-student-2": Recipe(
        "cnn",
        STUDENT_2,
        about="As much work a face as cnn-student, but on single pixels; one target for all views of a face.",
    ),
    "cnn-student-3": Recipe(
        "cnn",
        STUDENT_3,
        calibrated_by="cnn-student-2",
        about="cnn-student-2, gone on learning, from its own answers too, with val added after every choice.",
    ),
    "cnn-student-4": Recipe(
        "cnn",
        STUDENT_4,
        calibrated_by="cnn-student-2",
        about="cnn-student-3, gone on learning from one more teacher, on a wider cut of the face.",
    ),
    "cnn-student-5": Recipe(
        "cnn",
        STUDENT_5,
        calibrated_by="cnn-student-2",
        about="cnn-student-4, gone on learning from two teachers of each of three lines, which err apart.",
    ),
    "cnn": Recipe(
        "cnn",
        CNN,
        calibrated_by="cnn-student-2",
        about="The default, small enough for video: half-way between cnn-student-5 and what it became when it went on "
        "learning, with its own answers among those of its teachers.",
    ),
}
