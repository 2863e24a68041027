"""The 2x2 table of who is right, as four buttons that open their images on the Errors page."""

import pandas as pd

from core.evaluation.two_models.tables import OUTCOMES
from dashboard import keys
from dashboard.components import clickable, links, wording


def show(agreement: pd.DataFrame) -> None:
    """Show the counts of `comparison.agreement`. A click opens exactly these images."""
    chosen = clickable.show(html(agreement), keys.OUTCOMES)
    if chosen:
        links.open_wrong(chosen)


def html(agreement: pd.DataFrame) -> str:
    """Return the buttons as HTML; those of outcomes without images are disabled."""
    total = int(agreement.to_numpy().sum())
    buttons = (
        _button(title, wrong_models, agreement.to_numpy()[row, column], total)
        for (row, column), (title, wrong_models) in OUTCOMES.items()
    )
    return f'<div class="ferscope-outcomes" role="group" aria-label="Who is right">{"".join(buttons)}</div>'


def _button(title: str, wrong_models: str, count: int, total: int) -> str:
    share = wording.percent(count / total)
    label = f'aria-label="{title}: {count:,} images, {share}. Open them on the Errors page."'
    content = f"<span>{title}</span><span><strong>{count:,}</strong> {share}</span>"
    return clickable.button_html(wrong_models, content, label if count else f"{label} disabled")
