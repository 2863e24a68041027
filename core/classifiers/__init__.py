"""From faces to seven probabilities: the families of classifiers, and what loads, calibrates and shares them."""
