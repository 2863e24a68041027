"""Configs of the networks. `recipes` says what each network is for; `CnnConfig` explains the hyperparameters."""

from dataclasses import replace

from core.classifiers.cnn.config import Augmentation, CnnConfig

AUGMENTATION = Augmentation(flip=0.5, shift=0.1, scale=0.15, rotation=12, brightness=0.15, contrast=0.3, erasing=0.4)
"""Augmentation of every network except cnn-seed, which has none. Some networks add a crop."""

CNN_SEED = CnnConfig()
"""The notebook project's settings, which are the defaults of `CnnConfig`."""

CNN_SEED_AUGMENTED = CnnConfig(
    epochs=(90,),
    learning_rates=(2e-3,),
    optimiser="adamw",
    weight_decay=0.01,
    schedule="cosine",
    batch_size=128,
    weight_averaging=0.999,
    augmentation=AUGMENTATION,
)

CNN_SEED_BALANCED = replace(CNN_SEED_AUGMENTED, class_weights="balanced")

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
    TEACHER_2,  # the same architecture, because training starts from the weights of cnn-teacher-2
    seed=11,
    start="cnn-teacher-2",
    epochs=(44,),
    mixup=0.2,
    augmentation=replace(AUGMENTATION, crop=44),
    fit_on="train+val",
)

STUDENT = replace(
    TEACHER_1,  # the same architecture, because training starts from the weights of cnn-teacher-1
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
    STUDENT_2,  # the same architecture, because training starts from the weights of cnn-student-2
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
    teachers=(*STUDENT_5.teachers[:4], "cnn-student-4", "cnn-student-5"),  # cnn-student-5 replaces cnn-student-3
    teacher_share=0.8,
    start_share=0.5,
    batch_statistics="clean",
)
