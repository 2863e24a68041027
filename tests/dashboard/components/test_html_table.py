"""Tables as HTML."""

import pandas as pd

from dashboard.components import html_table


def test_texts_are_escaped_and_the_first_column_holds_row_headers() -> None:
    html = html_table.as_html(pd.DataFrame({"Model": ["<script>"], "n": ["1"]}))
    assert '<th scope="row">&lt;script&gt;</th><td>1</td>' in html
    assert '<th scope="col">Model</th>' in html


def test_table_without_rows_has_an_empty_body() -> None:
    assert "<tbody></tbody>" in html_table.as_html(pd.DataFrame({"Model": []}))
