"""The numbers of lecture 10, How the fakes were made. (TO BE WRITTEN)"""

from facts import Fact

FACTS = (Fact("10.first", "What the cell computes, in a sentence.", "first-number", ("42",)),)
