"""Faces like a given one: the images whose embedding by the default network is nearest."""

from core.evaluation.neighbours.embedding import Network, default_network, load_network
from core.evaluation.neighbours.index import Index
from core.evaluation.neighbours.store import Stored, is_stored, load_index

__all__ = ["Index", "Network", "Stored", "default_network", "is_stored", "load_index", "load_network"]
