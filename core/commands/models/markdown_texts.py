"""The fixed texts of docs/models.md; its figures come from the cards."""

INTRODUCTION = """
# The models

Written by `python -m core models --markdown > docs/models.md` from the models' cards and stored measurements. A test
compares this page with them, so edit the code, not the page.

FERscope ships {models} models. Two are the defaults: `cnn`, a convolutional network, and `catboost`, gradient-boosted
trees. Two come from the notebook project that FERscope grew out of: `cnn-seed` and `catboost-seed`.
`cnn-seed-augmented` shows what augmentation gains. The others are variants, and the networks that `cnn` was made from.

All figures are on FER2013's test images: PublicTest and PrivateTest together. Models were trained on train, 25,836 of
the 28,709 Training images. The rest of Training is val, on which epochs, temperatures and thresholds were chosen. Some
models were also trained on val in the end; their description says so.

"""

ACCURACY = """
## Accuracy

Accuracy is the share of images with the right label. In parentheses: its 95 % confidence interval (Wilson's method).
*Leak-free* leaves out the 568 test images that have an exact copy, equal in every pixel, in Training. Near copies stay
in. Macro-F1 is the mean of the seven emotions' F1 scores. Size is that of the weights file.

`python -m core evaluate MODEL` computes these figures with the weights, and needs the imported images.
`python -m core evaluate MODEL --stored` computes them from the predictions that ship.
"""

OTHER_FIGURES = """
## Calibration, speed, steadiness, robustness

- **ECE**, the expected calibration error (15 bins), is the mean gap between confidence and accuracy. A temperature
  (Guo et al. 2017), fitted on val, lowers it. On half of the
  test images alone it can be larger, as on PrivateTest for `cnn`.
- **NLL** (negative log-likelihood) and the **Brier score** judge all seven probabilities of a prediction.
- **ms per face** is the median time of a prediction for one face on one thread. All models took turns in one sitting:
  `python -m core bench --cards`, on two cores of a server (AMD EPYC).
- **Same label when the crop moves**: how often the label stays the same when the crop moves by up to 8 % of its side,
  8 % in size and 10 degrees (`python -m core steadiness MODEL`).
- **Mean accuracy, corrupted**: over ten corruptions at five strengths each (`python -m core robustness MODEL`).

For ECE, NLL and Brier score, smaller is better. An empty cell has not been measured.
"""

PER_CLASS = """
## Per emotion

On all test images; their number is in parentheses. *Recall* is the share of an emotion's images that get its label.
*Precision* is the share of a label's predictions that are right. F1 is their harmonic mean.
"""

ROBUSTNESS = """
## Robustness

Mean accuracy over five strengths of each corruption. The Models page shows each strength.
"""

ROUNDS = """
## How `cnn` was made

Five rounds of training led to `cnn`. In each, a network learnt from the labels and from the mean prediction of its
teachers (distillation, Hinton et al. 2015). From the third network on, the network of the round before was one of the
teachers.
"""

TEST_IMAGES = """
### What the test images decided, and what they did not

No epoch, threshold or average was fitted to test images. But the rounds were not blind:

- **Each round began when the test accuracy of the one before it was known.** That there was a next round at all was
  decided with that knowledge.
- `cnn-student-2` is not a model from before such looks either. When its recipe was fixed (commit `a7a8d83`), three test
  accuracies were known: of `cnn-student` (69.98 %), of the default of that time (70.14 %, commit `dca2e19`) and of a
  fit that did not ship (69.6 %). It is the last model before `cnn` that was not trained on val.
- The fifth round was announced in commit `6ae1fa8`, before it ended. It scored 71.45 %, less than the fourth round
  (71.96 %), and this fit did not ship. Two more steps were fixed before their result was seen (commit `75d99ea`): the
  mean of the weights before and after the round, and batch normalisation with the statistics of unaugmented faces. The
  second had been tested on val with four networks that had not learnt val: accuracy rose for three of them, and NLL
  fell for all four. The result, 72.64 %, is `cnn`.
- **The best of six looks can flatter.** If all of these models were equally good, the best of them would exceed the
  mean by 0.27 points (`python -m tests.project.looks`: a bootstrap over the test images, with the five models that are
  stored). So `cnn` may be up to about 0.3 points less accurate on new images of the same kind.

What later raters say of the same images was measured outside this repository, with the votes of
[FER+](https://arxiv.org/abs/1608.01041). From `cnn-student-2` to `cnn`, accuracy rises by 2.7 points (95 %: 2.0 to 3.4)
against FER2013's label, but by only 1.2 points (0.5 to 1.9) against the most frequent answer of FER+'s ten raters. So
more than half of the gain is about how FER2013 was labelled.
"""

DESCRIPTIONS = """
## Each model

In the order of training: each model comes after those it was made from. The Models page shows every hyperparameter, and
`core/training/recipes.py` has the recipes.
"""
