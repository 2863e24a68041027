"""The texts of the Dataset page."""

LEAD = (
    "Explore the imported data set: its classes and splits, its faces, and its copies, leaks and label conflicts. They "
    "limit how far you can trust a model's scores."
)

FER2013_LEAD = (
    "Explore FER2013: its classes and splits, its faces, and its copies, leaks and label conflicts. They limit how far "
    "you can trust a model's scores. The split test joins two sets of the contest of 2013: PublicTest for its "
    "leaderboard, and PrivateTest for its final ranking."
)
