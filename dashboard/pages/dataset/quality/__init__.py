"""The quality of the data set: copies, near copies and what they are worth, blank images, doubtful labels."""

from dashboard.pages.dataset.gallery import facts as all_facts
from dashboard.pages.dataset.quality import copies, doubtful, near


def show() -> None:
    """Show what is wrong with some of the images, with how many, and where to see them."""
    facts = all_facts.load()
    copies.show(facts)
    near.show(facts)
    doubtful.show()
