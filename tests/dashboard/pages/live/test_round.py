"""The guided round on the Live page: the line above the video, and the summary."""

import re
from collections.abc import Sequence

import numpy as np
import pytest

from core.emotions import EMOTIONS
from core.recognition.reading import Reading
from core.video.guided_round import CAPTURE_S, COUNTDOWN_S, GuidedRound, RoundState
from core.vision.faces import Face
from dashboard import keys
from dashboard.pages.live import round as live_round
from dashboard.pages.live import round_summary
from tests.dashboard.pages.visiting import open_page, page_text
from tests.fixtures.fakes import one_hot

CROP = np.zeros((48, 48), np.uint8)


class Clock:
    now_s = 50.0

    def __call__(self) -> float:
        return self.now_s


def played(cnn: Sequence[str], skipped: Sequence[str] = ()) -> GuidedRound:
    """Return a finished round with two frames per step, in which `cnn` predicts these labels, and `<b>` always sad."""
    clock = Clock()
    guided = GuidedRound(clock)
    guided.start()
    for number, (asked, label) in enumerate(zip(EMOTIONS, cnn, strict=True), start=1):
        if asked in skipped:
            guided.skip(number)
            continue
        for seconds in (COUNTDOWN_S / 2, COUNTDOWN_S / 2 + CAPTURE_S / 4, CAPTURE_S / 4, CAPTURE_S / 2 + 1e-3):
            clock.now_s += seconds
            guided.feed(Reading(Face((0, 0, 9, 9)), {"cnn": tuple(one_hot(label)), "<b>": tuple(one_hot("sad"))}), CROP)
    assert guided.state().phase == "done"
    return guided


def test_the_line_names_the_step_the_expression_and_how_to_act_it():
    text = live_round.step_text(RoundState("countdown", "disgust", 2, 1.4))
    assert text == "2 of 7: <strong>disgust</strong> (nose wrinkled, upper lip raised)"
    assert live_round.status_text(RoundState("countdown", "disgust", 2, 1.4)) == "Get ready: 2"
    assert live_round.status_text(RoundState("capture", "disgust", 2, 1.4)) == "Hold it ..."
    assert "Waiting" in live_round.status_text(RoundState("countdown", "disgust", 2, 3.0, waiting=True))


def test_the_result_counts_the_expressions_that_each_model_recognized():
    guided = played([EMOTIONS[0], EMOTIONS[1], *EMOTIONS[3:], EMOTIONS[0]], skipped=[EMOTIONS[6]])
    assert live_round.result_text(guided.table()) == "Round done. Recognized: cnn 2 of 6, <b> 1 of 6."
    assert "&lt;b&gt; 1 of 6" in live_round.idle_text(guided, guided.state(), camera_on=True)
    assert "no frames" in live_round.result_text(GuidedRound(Clock()).table())


def test_a_model_that_was_added_during_the_round_is_counted_by_its_own_steps():
    table = played(EMOTIONS).table()
    late = table[(table["model"] == "cnn") | (table["step"] > 5)]
    assert live_round.result_text(late) == "Round done. Recognized: cnn 7 of 7, <b> 1 of 2."


def table_cells(page_html: str) -> list[list[str]]:
    """Return the texts of the cells in the body of the first table."""
    body = page_html.split("<tbody>")[1].split("</tbody>")[0]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in body.split("</tr>") if row]
    return [[re.sub("<img[^>]*>", "", cell) for cell in row] for row in rows]


def test_the_summary_has_each_models_most_frequent_label_and_recall_per_expression():
    guided = played(["angry", "fear", "fear", "happy", "neutral", "sad", "sad"], skipped=["neutral"])
    text = round_summary.summary_html(guided.steps(), guided.table())
    *rows, mean = table_cells(text)
    assert rows[0] == ["angry", "angry ✓", "100 %", "sad", "0 %"]
    assert rows[1] == ["disgust", "fear", "0 %", "sad", "0 %"]
    assert rows[4] == ["neutral", "skipped, or no face was found"]
    assert rows[5] == ["sad", "sad ✓", "100 %", "sad ✓", "100 %"]
    assert mean == ["mean", "", "67 %", "", "17 %"]
    assert "your 12 frames" in text and "same label for 33 % of them" in text
    assert "<b>" not in text and text.count("<img") == 6


def test_the_summary_of_a_round_without_frames_has_no_numbers():
    guided = GuidedRound(Clock())
    guided.start()
    for number in range(1, 8):
        guided.skip(number)
    rows = table_cells(round_summary.summary_html(guided.steps(), guided.table()))
    assert [row[0] for row in rows] == [*EMOTIONS, "mean"]
    assert "%" not in "".join(cell for row in rows for cell in row)


def test_the_page_shows_no_table_of_a_round_without_frames(models):
    app = open_page("live")
    app.checkbox[0].check().run()
    app.session_state[keys.LIVE_SESSION].guided = played(EMOTIONS, skipped=EMOTIONS)
    app.run()
    assert not app.exception
    assert "nothing to show" in page_text(app) and "your 0 frames" not in page_text(app)


def test_the_page_shows_the_results_of_a_round_and_the_matrices_on_demand(models):
    app = open_page("live")
    app.checkbox[0].check().run()
    guided = played(EMOTIONS)
    app.session_state[keys.LIVE_SESSION].guided = guided
    app.run()
    assert not app.exception
    assert "cnn 7 of 7" in page_text(app)
    assert any(row == ["angry", "angry ✓", "100 %", "sad", "0 %"] for row in table_cells(page_text(app)))
    assert not app.get("plotly_chart"), "the matrices are folded"
    app.session_state[keys.ROUND_MATRICES] = True
    app.run()
    assert len(app.get("plotly_chart")) == 2


@pytest.mark.parametrize("running", [True, False])
def test_without_a_camera_the_line_says_to_press_start(models, running):
    app = open_page("live")
    app.checkbox[0].check().run()
    if running:
        app.session_state[keys.LIVE_SESSION].guided.start()
    text = page_text(app.run())
    assert ("continues with angry when you press START" if running else "First press START") in text
    assert app.button(key=keys.ROUND_START).disabled
