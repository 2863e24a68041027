"""The speed of reading and the time left."""

from core.video.files.progress import WINDOW_S, FilmProgress, Speedometer


def test_speed_and_time_left_come_from_the_latest_seconds():
    now = [0.0]
    speedometer = Speedometer(100.0, lambda: now[0])
    assert speedometer.progress(0, 0.0) == FilmProgress(0.0, 100.0, 0.0, None)
    now[0] = 1.0
    assert speedometer.progress(600, 20.0) == FilmProgress(20.0, 100.0, 600.0, 4.0)  # frames that were read before
    for second in range(2, 4 + int(WINDOW_S)):
        now[0] = float(second)
        progress = speedometer.progress(600 + 60 * (second - 1), 20.0 + 2 * (second - 1))
    assert progress == FilmProgress(44.0, 100.0, 60.0, 28.0)


def test_without_a_length_there_is_no_time_left():
    now = [0.0]
    speedometer = Speedometer(None, lambda: now[0])
    speedometer.progress(0, 0.0)
    now[0] = 2.0
    assert speedometer.progress(60, 2.0) == FilmProgress(2.0, None, 30.0, None)


def test_a_film_longer_than_it_says_has_no_negative_time_left():
    now = [0.0]
    speedometer = Speedometer(1.0, lambda: now[0])
    speedometer.progress(0, 0.0)
    now[0] = 2.0
    assert speedometer.progress(60, 2.0).left_s == 0.0


def test_the_share_of_a_film_stays_between_0_and_1_and_is_unknown_without_a_length():
    assert [FilmProgress(done_s, 10.0, 1.0, None).share for done_s in (-1.0, 2.5, 11.0)] == [0.0, 0.25, 1.0]
    assert FilmProgress(2.5, None, 1.0, None).share is None
    assert FilmProgress(2.5, 0.0, 1.0, None).share is None
