"""CIDEr-D of single captions, as a reward and as a quick number while training.

Vedantam et al. 2015, "CIDEr: Consensus-based image description evaluation": n-grams up to four,
weighted by how few photos' references have them, clipped, with a Gaussian penalty on the
difference in length (sigma 6), times 10 here as there. Texts are sequences of word pieces here,
so numbers differ a little from those of `python -m eval caption`.
"""

import math
from collections import Counter
from collections.abc import Hashable, Sequence

Text = Sequence[Hashable]
Grams = list[Counter]
NS = range(1, 5)
SIGMA = 6.0


def grams(text: Text) -> Grams:
    """Counts of the 1-, 2-, 3- and 4-grams."""
    return [Counter(tuple(text[i : i + n]) for i in range(len(text) - n + 1)) for n in NS]


class Cider:
    """Document frequencies over the references of a set of photos."""

    def __init__(self, references: Sequence[Sequence[Text]]) -> None:
        self._frequency: Counter = Counter()
        for texts in references:
            self._frequency.update({g for text in texts for part in grams(text) for g in part})
        self._log_photos = math.log(max(len(references), 2))
        self._references = [[self._vector(text) for text in texts] for texts in references]

    def _vector(self, text: Text) -> tuple[list[dict], list[float], int]:
        weighted, norms = [], []
        for part in grams(text):
            row = {
                g: n * (self._log_photos - math.log(max(1, self._frequency[g])))
                for g, n in part.items()
            }
            weighted.append(row)
            norms.append(math.sqrt(sum(v * v for v in row.values())))
        return weighted, norms, len(text)

    def __call__(self, text: Text, photo: int) -> float:
        """Score of a caption of a photo against that photo's references, 0 to 10."""
        mine, norms, length = self._vector(text)
        total = 0.0
        for theirs, their_norms, their_length in self._references[photo]:
            near = math.exp(-((length - their_length) ** 2) / (2 * SIGMA**2))
            for a, b, na, nb in zip(mine, theirs, norms, their_norms, strict=True):
                if na and nb:
                    shared = sum(min(v, b[g]) * b[g] for g, v in a.items() if g in b)
                    total += near * shared / (na * nb)
        return 10 * total / len(NS) / len(self._references[photo])
