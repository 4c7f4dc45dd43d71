"""What sentences like this one meant: a linear classifier, learnt from conf/plain/examples.tsv.

The rules say exactly what they know. This weighs all there is: every one to three characters, every
sound, every word with a tag, and what the rules made of it, for each thing that can be meant.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

NOT_OURS: Final = "help"  # the label of what the hall cannot answer

_EPOCHS: Final = 6
_MARGIN: Final = 1.0  # by which the right label must lead
_STEP: Final = 0.05  # the most that one sentence changes a weight
_LEAST: Final = 0.012  # weights that are smaller say nothing and are left out
SCALE: Final = 1000  # weights are kept as whole numbers of thousandths

Weights = Mapping[str, Sequence[int]]  # by feature: label, weight, label, weight …


@dataclass(frozen=True, slots=True)
class RankedLabels:
    """Labels by their score, the likeliest first."""

    labels: tuple[str, ...]
    scores: tuple[float, ...]

    @property
    def lead(self) -> float:
        """Of the first before the second."""
        return self.scores[0] - self.scores[1]


@dataclass(frozen=True, slots=True)
class LinearClassifier:
    labels: tuple[str, ...]
    weights: Weights
    examples: str = ""  # the digest of what it was learnt from

    def ranked(self, features: Iterable[str], most: int = 6) -> RankedLabels:
        scores = [0] * len(self.labels)
        for feature in features:
            known = self.weights.get(feature, ())
            for place in range(0, len(known), 2):
                scores[known[place]] += known[place + 1]
        order = sorted(range(len(scores)), key=lambda n: -scores[n])[:most]
        return RankedLabels(
            tuple(self.labels[n] for n in order), tuple(scores[n] / SCALE for n in order)
        )


# -- learning --------------------------------------------------------------------------------------

LabelledSentence = tuple[Sequence[str], str]  # features, label


def learn(
    examples: Sequence[LabelledSentence], chance: random.Random, digest: str = ""
) -> LinearClassifier:
    """Weights under which each example's label leads the others (passive-aggressive, Crammer et al.
    2006, §4), averaged over all steps, so that the last examples count no more than the first."""
    labels = sorted({label for _, label in examples})
    place = {label: n for n, label in enumerate(labels)}
    weights: dict[str, dict[int, float]] = {}
    summed: dict[str, dict[int, float]] = {}
    order, step = list(examples), 0
    for _ in range(_EPOCHS):
        chance.shuffle(order)
        for features, label in order:
            step += 1
            right = place[label]
            wrong, missing = _rival(weights, features, right, len(labels))
            if missing <= 0:
                continue
            change = min(_STEP, missing / (2 * max(1, len(features))))
            for feature in features:
                own, sums = weights.setdefault(feature, {}), summed.setdefault(feature, {})
                for which, by in ((right, change), (wrong, -change)):
                    own[which] = own.get(which, 0.0) + by
                    sums[which] = sums.get(which, 0.0) + by * step
    kept: dict[str, list[int]] = {}
    for feature in sorted(weights):
        flat: list[int] = []
        for which, weight in sorted(weights[feature].items()):
            mean = weight - summed[feature][which] / step
            if abs(mean) >= _LEAST:
                flat += [which, round(mean * SCALE)]
        if flat:
            kept[feature] = flat
    return LinearClassifier(tuple(labels), kept, digest)


def _rival(
    weights: Mapping[str, Mapping[int, float]], features: Sequence[str], right: int, labels: int
) -> tuple[int, float]:
    """The wrong label that scores most, and how much the right one lacks to lead it."""
    scores = [0.0] * labels
    for feature in features:
        for which, weight in weights.get(feature, {}).items():
            scores[which] += weight
    own, scores[right] = scores[right], float("-inf")
    best = max(scores)
    return scores.index(best), _MARGIN - (own - best)
