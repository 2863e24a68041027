"""The gallery: which images are listed, in which order and groups; pages, the draw, tiles and the CSV file."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.data.issues import ISSUES
from dashboard import keys
from dashboard.pages.dataset import texts
from dashboard.pages.dataset.gallery import facts as all_facts
from dashboard.pages.dataset.gallery import listing, tiles
from dashboard.pages.dataset.gallery.facts import Facts
from dashboard.pages.dataset.gallery.kinds import KINDS
from dashboard.pages.dataset.gallery.listing import Choice, Listing
from dashboard.pages.dataset.gallery.orders import ORDERS
from tests.dashboard.pages.visiting import open_page, page_text, pressable_html

ALL = Choice("all", None, None, "random", 0)


@pytest.fixture
def facts(imported: Path, with_near_copies: None, set_doubts: Callable[[bool], None]) -> Facts:
    set_doubts(True)
    return all_facts.load()


def ids(found: Listing | None, facts: Facts) -> list[str]:
    assert found is not None
    return facts.manifest["image_id"].iloc[found.positions].tolist()


def groups(found: Listing | None, facts: Facts) -> list[list[str]]:
    assert found is not None
    names = ids(found, facts)
    return [
        [name for name, group in zip(names, found.groups, strict=True) if group == number]
        for number in range(found.group_count)
    ]


@pytest.mark.parametrize(("kind", "issue"), [("exact", "duplicates"), ("conflicts", "conflicts"), ("blank", "blanks")])
def test_kinds_are_the_issues_of_the_data_set(kind: str, issue: str, facts: Facts) -> None:
    found = ids(listing.find(replace(ALL, kind=kind), facts), facts)
    assert sorted(found) == sorted(ISSUES[issue].rows(facts.manifest)["image_id"])


def test_copies_across_the_split_stand_with_their_originals(facts: Facts) -> None:
    found = groups(listing.find(replace(ALL, kind="across"), facts), facts)
    assert sorted(map(sorted, found)) == [
        ["test/fear/PublicTest_0", "train/fear/Training_3"],
        ["test/neutral/PrivateTest_1", "train/surprise/Training_4"],
    ]


def test_a_group_is_whole_if_one_of_its_images_matches(facts: Facts) -> None:
    found = groups(listing.find(replace(ALL, kind="exact", emotion="sad"), facts), facts)
    assert [sorted(group) for group in found] == [["train/angry/Training_0", "train/sad/Training_0"]]


def test_near_copies_follow_their_test_image_the_nearest_first_and_exact_ones_are_left_out(facts: Facts) -> None:
    found = groups(listing.find(replace(ALL, kind="near", order="alike"), facts), facts)
    assert found == [
        ["test/angry/PublicTest_1", "train/angry/Training_7", "train/sad/Training_8"],
        ["test/sad/PrivateTest_0", "train/sad/Training_8"],
    ]


def test_filters_leave_out_the_other_images(facts: Facts) -> None:
    found = ids(listing.find(replace(ALL, split="test", emotion="happy"), facts), facts)
    assert sorted(found) == [
        f"test/happy/{usage}_{number}" for usage in ("PrivateTest", "PublicTest") for number in (0, 1)
    ]
    assert ids(listing.find(replace(ALL, kind="blank", split="test"), facts), facts) == []


@pytest.mark.parametrize("order", ["dark", "bright", "flat", "contrast", "blurred", "sharp"])
def test_orders_sort_by_the_measure_of_the_manifest(order: str, facts: Facts) -> None:
    found = listing.find(replace(ALL, order=order), facts)
    assert found is not None
    values = facts.manifest[ORDERS[order].by].to_numpy()[found.positions]
    steps = np.diff(values)
    assert len(values) == 98 and (steps <= 0 if ORDERS[order].is_descending else steps >= 0).all()


def test_doubtful_labels_are_those_below_the_limit_and_images_without_a_score_come_last(facts: Facts) -> None:
    found = ids(listing.find(replace(ALL, kind="doubtful", order="doubtful"), facts), facts)
    tests = facts.manifest.query("split == 'test'")["image_id"].tolist()
    assert found == tests[:4]  # .01 to .04
    everything = ids(listing.find(replace(ALL, order="doubtful"), facts), facts)
    assert everything[:28] == tests and len(everything) == 98
    by_class = ids(listing.find(replace(ALL, order="doubtful-in-class"), facts), facts)
    assert by_class[:7] == [name for name, rank in zip(tests, _ranks(tests), strict=True) if rank == 1]


def _ranks(names: list[str]) -> list[int]:
    labels = [name.split("/")[1] for name in names]
    return [labels[:at].count(label) + 1 for at, label in enumerate(labels)]


def test_the_random_order_is_that_of_its_seed_and_filters_only_leave_images_out(facts: Facts) -> None:
    first, again = (ids(listing.find(ALL, facts), facts) for _ in range(2))
    other = ids(listing.find(replace(ALL, seed=1), facts), facts)
    assert first == again != other and sorted(first) == sorted(other)
    happy = ids(listing.find(replace(ALL, emotion="happy"), facts), facts)
    assert happy == [name for name in first if "/happy/" in name]


def test_the_parts_of_a_listing() -> None:
    found = Listing(np.array([7, 3, 9, 1, 3]), np.array([0, 0, 1, 2, 2]))
    assert found.group_count == 3
    assert found.first_of_groups().tolist() == [7, 9, 1]
    assert found.of_groups(1, 3).positions.tolist() == [9, 1, 3]
    assert found.of_groups(1, 3).groups.tolist() == [0, 1, 1]
    assert (found.group_of(1), found.group_of(3), found.group_of(5)) == (2, 0, None)
    empty = Listing(np.array([], np.intp), np.array([], np.intp))
    assert empty.group_count == 0 and not len(empty.first_of_groups())


def test_the_table_has_groups_and_doubts_where_there_are_any(facts: Facts) -> None:
    choice = replace(ALL, kind="near", order="alike")
    found = listing.find(choice, facts)
    assert found is not None
    table = listing.table(found, facts, is_grouped=True)
    assert table["group"].tolist() == [1, 1, 1, 2, 2]
    row = table.iloc[0]
    assert (row["image_id"], row["usage"], row["suggested_label"]) == (
        "test/angry/PublicTest_1",
        "PublicTest",
        "disgust",
    )
    assert (row["rank"], row["rank_in_class"]) == (4, 4)
    assert np.isnan(table["score"].iloc[1]) and table["suggested_label"].iloc[1] == ""
    plain = listing.table(found, facts._replace(doubt=None), is_grouped=False)
    assert "score" not in plain and "group" not in plain


def test_tiles_of_near_copies_say_how_they_are_aligned(facts: Facts) -> None:
    choice = replace(ALL, kind="near", order="alike")
    found = listing.find(choice, facts)
    assert found is not None
    html = tiles.grid_html(found, choice, facts, None)
    assert html.count("<section") == 2 and html.count("<button") == 5
    assert "2 near copies, 2 labels" in html
    assert 'correlation 0.990</span><span class="note">moved +1, −2' in html
    assert 'correlation 0.960</span><span class="note">mirrored' in html
    assert html.count('tabindex="0"') == 1


def test_tiles_of_doubtful_labels_say_what_is_suggested_and_the_ranks(facts: Facts) -> None:
    choice = replace(ALL, kind="doubtful", order="doubtful")
    found = listing.find(choice, facts)
    assert found is not None
    html = tiles.grid_html(found, choice, facts, None)
    assert "looks disgust" in html and "score 1.0 %" in html and "rank 1, 1 in class" in html


def test_tiny_scores_and_alignments_along_one_axis_are_written_without_a_false_zero(facts: Facts) -> None:
    assert facts.doubt is not None and facts.pairs is not None
    tiny = facts._replace(doubt=facts.doubt / 100, pairs=facts.pairs.assign(dx=0))  # 0.01 % to 0.04 %
    choices = [replace(ALL, kind="doubtful", order="doubtful"), replace(ALL, kind="near", order="alike")]
    lists = [listing.find(choice, tiny) for choice in choices]
    doubtful, near = (
        tiles.grid_html(found, *to, tiny, None) for found, *to in zip(lists, choices, strict=True) if found
    )
    assert "score &lt; 0.1 %" in doubtful and "score 0.0 %" not in doubtful
    assert "moved 0, −2" in near


@pytest.mark.parametrize(("count", "text"), [(0, "0 images"), (1, "1 image"), (1516, "1,516 images")])
def test_one_image_is_no_plural(count: int, text: str) -> None:
    assert texts.counted(count, "image") == text


def test_on_a_phone_the_choice_stands_behind_the_count(imported: Path) -> None:
    html = page_text(open_page("dataset", fault="blank", sorted="dark"))
    assert re.search(r"<strong>1 image</strong><label [^>]*> · blank images · darkest first</label>", html)
    assert '98 images</strong><label for="ferscope-unfold"> · at random</label>' in page_text(open_page("dataset"))


def test_a_tile_says_that_a_copy_has_another_label(facts: Facts) -> None:
    found = listing.find(replace(ALL, emotion="sad"), facts)
    assert found is not None
    assert "An exact copy is labelled angry." in tiles.grid_html(found, ALL, facts, None)


def test_draw_again_shows_other_images_and_writes_the_draw_to_the_address(imported: Path) -> None:
    app = open_page("dataset", size="24")
    before = pressable_html(app)
    app.button(keys.DRAW_AGAIN).click().run()
    assert not app.exception
    assert pressable_html(app) != before
    assert app.query_params == {"size": "24", "draw": "1"}
    assert pressable_html(open_page("dataset", size="24", draw="1")) == pressable_html(app)
    app.selectbox(keys.GALLERY_ORDER).set_value("dark").run()
    assert app.query_params == {"size": "24", "sorted": "dark"} and keys.DRAW_AGAIN not in [b.key for b in app.button]


@pytest.mark.parametrize("draw", ["one", "-1", "99999999999999999999"])
def test_an_impossible_draw_in_a_link_is_refused(draw: str, imported: Path) -> None:
    app = open_page("dataset", draw=draw)
    assert "The number of a draw" in app.warning[0].value
    assert app.query_params == {}


def test_choices_are_written_to_the_address_and_unknown_ones_are_named(imported: Path) -> None:
    app = open_page("dataset", emotion="happi", split="test")
    assert "happi" in app.warning[0].value
    assert app.query_params == {"split": "test"}
    app.selectbox(keys.EMOTION).set_value("happy").run()
    assert app.query_params == {"split": "test", "emotion": "happy"}
    assert "4 images" in page_text(app)
    app.selectbox(keys.SPLIT).set_value("any").run()
    assert app.query_params == {"emotion": "happy"} and "14 images" in page_text(app)


def test_a_page_has_as_many_images_as_chosen_and_the_open_face_turns_to_its_page(imported: Path) -> None:
    app = open_page("dataset", size="24", page="2", sorted="dark")
    tiles_shown = re.findall(r'data-choice="(t[^"]*/[^"]*)"', pressable_html(app))
    assert len(tiles_shown) == 24
    opened = open_page("dataset", size="24", sorted="dark", image=tiles_shown[3])
    assert re.findall(r'data-choice="(t[^"]*/[^"]*)"', pressable_html(opened))[:24] == tiles_shown
    assert opened.session_state[keys.PAGE_NUMBER] == 2
    assert "28 of 98" in page_text(opened)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_opens_and_without_matches_says_so(
    kind: str, imported: Path, with_near_copies: None, set_doubts: Callable[[bool], None]
) -> None:
    set_doubts(True)
    app = open_page("dataset", fault=kind)
    assert not app.info and "ferscope-found" in page_text(app)
    app = open_page("dataset", fault=kind, split="val", emotion="happy", sorted="dark")
    nothing = kind in ("near", "conflicts", "doubtful", "blank", "across")
    assert any("No image matches" in info.value for info in app.info) or not nothing
