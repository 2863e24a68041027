"""The Photo & video page: predict the expressions in photos or in a film."""

from dashboard.components import layout, notices
from dashboard.pages.photo import choices, film_form, film_progress, film_results, gallery, notice, sources

layout.page_header("Photo & video", "Models predict the expression of each face.")
notices.model_faults_notice()
chosen = choices.choose()

if chosen.kind == choices.FILM:
    models = choices.usable_models(chosen)
    with film_form.place():
        is_unfinished = film_form.show(chosen.detector, models)
        notice.show(chosen.kind)
    film_progress.show(is_unfinished)
    film_results.show()
else:
    photos = sources.choose_photos(chosen.source)
    notice.show(chosen.kind)
    models = choices.usable_models(chosen)
    gallery.show(photos, chosen.detector, models)
