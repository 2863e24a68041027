"""The fixed texts of docs/models.md; its numbers come from the cards and stored measurements."""

INTRODUCTION = """
# The models

Written by `python -m core models --markdown > docs/models.md` from the models' cards and stored measurements. A test
compares this page with them, so edit the code, not the page.

FERscope ships {models} models, each trained once, with one random seed. Two are the defaults: `cnn`, a convolutional
network, and `catboost`, gradient-boosted trees. Two come from the notebook project that FERscope grew out of:
`cnn-seed` and `catboost-seed`. `cnn-seed-augmented` is the network of `cnn-seed`, trained for more epochs, with another
optimiser and with augmentation. The others are variants, and networks that were used to train `cnn`.

All results are on FER2013's test images: PublicTest and PrivateTest together, unless a column names a part of them. The
28,709 Training images are divided into the splits train (25,836 images) and val (the rest). Models were fitted on
train; epochs, temperatures and thresholds were chosen on val. Some models were fitted on both splits, as their
descriptions say.
"""

ACCURACY = """
## Accuracy

Accuracy is the share of images with the right label. In parentheses: its 95 % confidence interval (Wilson's method).
*Leak-free* leaves out the 568 test images that have an exact copy, equal in every pixel, in Training. Near copies stay
in. Macro-F1 is the mean of the seven emotions' F1 scores. Size is that of the weights file: `cnn`, `cnn-student-5` and
`cnn-teacher-3` store 16 bits per weight, the other networks 32.

`python -m core evaluate MODEL` computes these figures with the weights, and needs the imported images. `python -m core
evaluate MODEL --stored` computes them from the predictions that ship.
"""

OTHER_FIGURES = """
## Calibration, speed, steadiness, robustness

- **ECE**, the expected calibration error (15 bins), is the mean gap between confidence and accuracy. It is usually
  lower with a temperature (Guo et al. 2017), which is chosen to minimise the NLL on val. On PublicTest or PrivateTest
  alone, ECE can be larger than on both together, as for `cnn` on PrivateTest.
- **NLL** (negative log-likelihood) is the mean of -log p, where p is the probability of the true label. The **Brier
  score** is the mean squared distance between the seven probabilities and the true label (one-hot).
- **ms per face** is the median time of a prediction for one face, on one thread of a server (AMD EPYC). The models were
  timed in turns in a single run of `python -m core bench --cards`.
- **Same label when the crop moves**: how often the predicted label stays the same when the crop is randomly shifted (by
  up to 8 % of its side), scaled (by up to 8 %) and rotated (by up to 10 degrees); `python -m core steadiness MODEL`.
- **Mean accuracy, corrupted**: over ten corruptions at five strengths each (`python -m core robustness MODEL`).

For ECE, NLL and Brier score, smaller is better. An empty cell has not been measured.
"""

PER_CLASS = """
## Per emotion

On all test images. The number of test images of each emotion is in parentheses. *Recall* is the share of an emotion's
images that get its label. *Precision* is the share of a label's predictions that are right. F1 is their harmonic mean.
"""

ROBUSTNESS = """
## Robustness

Mean accuracy over five strengths of each corruption. The Models page shows each strength. Averaged over all
corruptions, `cnn` is slightly less accurate than `cnn-student-5` and `cnn-student-4`. Under noise, it is less accurate
than `catboost`.
"""

ROUNDS = """
## How `cnn` was made

`cnn` results from five rounds of training. In each, a network learnt from the labels and from the mean prediction of
its teachers (distillation, Hinton et al. 2015). From round 2 on, the network of the round before was one of the
teachers.
"""

TEST_IMAGES = """
### What the test images decided, and what they did not

No epoch, temperature or threshold was fitted to test images. But test accuracies decided when to continue:

- **The aims were test results**: 72 % accuracy, macro-F1 0.70, ECE 0.03, and 88 % of labels kept when the crop moves.
  The rounds ended when all were reached. Each round began when the test accuracy of the one before was known. The
  second had been announced as the last (commit `f6da66e`); three more followed.
- **One announcement was not kept.** Commit `6ae1fa8` said that the network of the fifth round would ship, whatever its
  test accuracy. It scored 71.45 %, less than that of the fourth (71.96 %), and did not ship. Instead, two steps were
  added to the fifth round. Both were decided before the test accuracy with them was known (commit `75d99ea`). The first
  step averages the weights before and after the round. The second estimates the batch-normalisation statistics on
  unaugmented faces. This second step had been tested on val with four networks that were trained without val: accuracy
  rose for three of them, and NLL fell for all four. The result is `cnn`, with 72.64 %.
- **The best of six test results is partly luck.** Test accuracy was measured six times: once in each of the five
  rounds, and again after the two added steps. If the networks were equally good, the best of them would exceed their
  mean by 0.27 points on average, and by more than 0.48 points in one of twenty cases. (`python -m tests.project.looks`
  computes this with a bootstrap over the test images, from the five of these six networks that are stored.)
- **Test accuracies were known before these rounds, too.** When the recipe of `cnn-student-2` was decided (commit
  `a7a8d83`), README already listed the test accuracies of ten models and of one ensemble; the best was 70.14 %. A
  network that was not kept had reached 69.6 %. So known test accuracies may have influenced `cnn-student-2` as well.
  But it is the last predecessor of `cnn` that was trained without val.
- The features of `catboost` were chosen on val only, and only one fit with them was kept.

The labels of FER2013 were also compared with those of later raters, outside this repository, with the votes of
[FER+](https://arxiv.org/abs/1608.01041). From `cnn-student-2` to `cnn`, accuracy rises by 2.7 points (95 % interval:
2.0 to 3.4) if FER2013's label counts as right, but only by 1.2 points (0.5 to 1.9) if the most frequent answer of
FER+'s ten raters does. So part of the gain, perhaps half, is specific to FER2013's labels. These numbers are for the
images with FER+ votes that were compared, so they differ slightly from the table. No command here reproduces them.
"""

DESCRIPTIONS = """
## Each model

Each model comes after the models that its training or calibration needs. The Models page shows every hyperparameter,
and `core/training/recipes.py` has the recipes.
"""
