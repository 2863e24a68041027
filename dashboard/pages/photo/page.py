"""The Photo & video page: predict the expressions in photos or in a film."""

from dashboard.components import layout, notices
from dashboard.pages.photo import choices, film_form, film_progress, film_results, results

layout.page_header(
    "Photo & video",
    "Upload photos or a film, or take a snapshot. A face detector finds the faces, and the models you choose predict "
    "the expression of each face. A label is marked uncertain if its probability is below the model's threshold, or if "
    "the face is too dark, too small or blurred.",
)
kind = choices.choose_kind()
choices.show_notice(kind)
notices.model_faults_notice()
detector, models = choices.choose_detector_and_models(kind)

if kind == choices.FILM:
    is_unfinished = film_form.show(detector, models)
    film_progress.show(is_unfinished)
    film_results.show()
else:
    photos = choices.choose_photos()
    drawn_model = choices.choose_model_to_draw(models)
    readings = {photo.name: results.show(photo, detector, models, drawn_model) for photo in photos}
    results.show_csv_button({name: reading for name, reading in readings.items() if reading})
