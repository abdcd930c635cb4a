"""One practice, told in answers, to show how little is enough. Invented; nobody's real words."""

EXAMPLE = {
    "title": "Office hours in the canteen",
    "problem": "People wrote to our help address only when it was too late. They knew nobody by face, and we heard of "
    "trouble weeks after it began.",
    "context": "Two of us for four buildings and nine hundred colleagues. No budget. A canteen that closes at two.",
    "what_we_did": "1. We asked the canteen for the table by the door, where people queue.\n"
    "2. We sat there every Wednesday from twelve to two, with a sign: ask us anything.\n"
    "3. We wrote down each question the same day.\n\n"
    "For three weeks nobody came. In the fourth we brought a question of our own, and that broke the ice.",
    "what_it_needs": "Two people for two hours a week, for at least two months. Somebody who lets you have the table.",
    "what_came_of_it": "After half a year, 40 of 61 questions were about things no mail had ever told us. Mails to the "
    "help address did not go down. It did not work in the building without a canteen.",
    "gist": "Sit where people queue, once a week, and wait. It took a month until the first came; since then we "
    "hear of trouble while it is small.",
}
