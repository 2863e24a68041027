"""Explore the data set: six counts, the classes, a gallery, the quality, a clean list, and the import of images."""

from dashboard import resources
from dashboard.components import displays, layout
from dashboard.pages.dataset import import_form, screen, texts

is_fer2013, has_images = resources.data.is_fer2013(), resources.data.faces() is not None
layout.page_header("Dataset", texts.lead(is_fer2013, has_images))
displays.expect_charts()  # the tabs are fragments
import_form.show_report()
screen.show()
import_form.show_import(is_folded=has_images)
