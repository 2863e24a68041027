"""The texts of the Dataset page."""

LEAD = (
    "Explore the imported data set: its classes and splits, its faces, and its quality issues. Copies, leaks and label "
    "conflicts limit how far you can trust a model's scores."
)

FER2013_LEAD = (
    "Explore FER2013: its classes and splits, its faces, and its quality issues. Copies, leaks and label conflicts "
    "limit how far you can trust a model's scores. The test split contains two sets from the contest of 2013: "
    "PublicTest, used for the leaderboard, and PrivateTest, used for the final ranking."
)
