"""What FERscope is, and how good its models are."""

from dashboard import components

components.page_header("FERscope", "Facial expressions in FER2013: the data, two families of models, and their errors.")
