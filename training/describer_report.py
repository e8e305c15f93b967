"""How a describer does on Flickr8k dev while it is trained: greedy captions and answers."""

import numpy as np
import torch
from cider import Cider
from decoder import Describer
from lessons import Lessons
from teacher import Teacher
from torch import Tensor
from words import ANSWER, CAPTION, END, Words


@torch.no_grad()
def remember(
    describer: Describer, teacher: Teacher, name: str, rows: np.ndarray
) -> tuple[Tensor, ...]:
    """Memory, mask and noun odds of the plain views of photos."""
    grid, texts, shares, vectors = teacher.features(name, rows, plain=True)
    return describer.memory(grid, texts, shares, vectors)


@torch.no_grad()
def greedy(
    describer: Describer, prefix: Tensor, memory: Tensor, mask: Tensor, end: int, longest: int
) -> list[list[int]]:
    """The likeliest word after the likeliest word, without the prefix and the end."""
    tokens = prefix
    done = torch.zeros(len(prefix), dtype=torch.bool)
    for _ in range(longest):
        best = describer(tokens, memory, mask)[:, -1].argmax(-1)
        best = best.masked_fill(done, end)
        tokens = torch.cat([tokens, best[:, None]], 1)
        done |= best == end
        if done.all():
            break
    rows = tokens[:, prefix.shape[1] :].tolist()
    return [row[: row.index(end)] if end in row else row for row in rows]


@torch.no_grad()
def report(describer: Describer, words: Words, sets: dict[str, Lessons], labels: Tensor) -> dict:
    """Greedy captions' CIDEr-D, greedy answers' accuracy by kind and the nouns' AUC, on dev."""
    index, lessons = words.index, sets["dev"]
    teacher = Teacher(sets, labels, 0.0, 0)
    cider, total = Cider(lessons.references), 0.0
    right: dict[str, list[bool]] = {}
    odds = []
    for start in range(0, len(lessons), 100):
        rows = np.arange(start, min(start + 100, len(lessons)))
        memory, mask, nouns = remember(describer, teacher, "dev", rows)
        odds.append(nouns)
        prefix = torch.full((len(rows), 1), index[CAPTION])
        said = greedy(describer, prefix, memory, mask, index[END], 20)
        total += sum(cider(text, row) for text, row in zip(said, rows, strict=True))
        answer = index[ANSWER]
        by_length: dict[int, list[tuple[int, str, list[int]]]] = {}
        for at, row in enumerate(rows):
            for kind, asked in lessons.questions[row].items():
                for question in asked:
                    found = by_length.setdefault(question.index(answer), [])
                    found.append((at, kind, question))
        for length, asked in by_length.items():
            which = torch.tensor([at for at, _, _ in asked])
            prefix = torch.tensor([q[: length + 1] for _, _, q in asked])
            replies = greedy(describer, prefix, memory[which], mask[which], index[END], 5)
            for (_, kind, question), reply in zip(asked, replies, strict=True):
                right.setdefault(kind, []).append(reply == question[length + 1 : -1])
    out = {"CIDEr-D": total / len(lessons), "nouns AUC": auc(torch.cat(odds), lessons.nouns)}
    out |= {kind: float(np.mean(hits)) for kind, hits in sorted(right.items())}
    return out


def auc(scores: Tensor, named: Tensor, least: int = 10) -> float:
    """Mean over columns of the chance that a named row scores above one that is not.

    Columns with fewer than `least` named rows do not count. No two scores of a column are the same.
    """
    ranks = scores.argsort(0).argsort(0).double() + 1
    positive = named.sum(0).double()
    negative = len(named) - positive
    kept = (positive >= least) & (negative > 0)
    total = (ranks * named).sum(0) - positive * (positive + 1) / 2
    return float((total[kept] / (positive * negative)[kept]).mean())
