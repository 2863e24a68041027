"""Parts of a page that are drawn only when they come into view."""

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from dashboard.components import displays

    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    displays.show_when_seen("A chart", lambda: st.text("drawn"))
    displays.show_when_seen("Another chart", lambda: st.text("also drawn"))


def test_a_part_has_a_button_until_it_is_seen() -> None:
    app = AppTest.from_function(page).run()
    assert [button.label for button in app.button] == ["A chart", "Another chart"]
    assert not app.text


def test_a_part_that_was_seen_takes_the_place_of_its_button_and_stays() -> None:
    app = AppTest.from_function(page).run()
    app.button[0].click().run()
    for _ in range(2):
        assert [text.value for text in app.text] == ["drawn"]
        assert [button.label for button in app.button] == ["Another chart"]
        app.run()


def test_the_format_of_saved_charts_can_be_chosen_only_where_there_is_a_chart() -> None:
    def page() -> None:
        import plotly.graph_objects as go
        import streamlit as st

        from dashboard import visits
        from dashboard.components import displays

        visits.count_visit(st.session_state.get("place", "charts"))
        if st.session_state.get("place") != "texts":
            displays.show_when_seen("A chart", lambda: displays.show(go.Figure(), "nothing"))
        displays.image_format_switch()

    app = AppTest.from_function(page).run()
    assert not app.button_group
    app.button[0].click().run().run()
    assert len(app.button_group) == 1
    app.session_state["place"] = "texts"
    assert not app.run().button_group
