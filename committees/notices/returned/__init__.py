"""What a returned mail says: `classify(raw)` reads a message that came back and says what became of each recipient.

Pure: no query, no write, no address in what it gives. Whoever sends it may have made up all of it, so sizes are limited before
anything is read, and nothing in it is believed about whom it concerns (that is in the address it came back to: verp.py).
"""

from committees.notices.returned.classifying import DEAD, Bounce, Reading, classify, classify_answer
from committees.notices.returned.opening import LONGEST
from committees.notices.returned.phrases import Reason

__all__ = ["DEAD", "LONGEST", "Bounce", "Reading", "Reason", "classify", "classify_answer"]
