"""Go on training a describer with CIDEr-D as the reward of the captions that it samples.

    python training/reward.py --data DATA --features FOLDER --describer in.safetensors
        --out out.safetensors

Self-critical sequence training (Rennie et al. 2017) with the mean of a photo's other samples as
the baseline (Luo 2020). The losses of `train_describer.py` go on beside it, so that answers stay
as they are. The end of a caption counts as a word, or captions would end anywhere.
"""

import json
import time
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from cider import Cider
from decoder import Describer
from describer_data import load
from describer_file import read_describer, save_describer
from describer_report import report
from flags import read_flags
from lessons import LONGEST, Lessons
from nouns import NOUNS
from teacher import Teacher
from torch import Tensor
from train_describer import Config as Supervised
from train_describer import blend, step_loss
from words import ANSWER, CAPTION, END, Words, read_words


@dataclass(frozen=True)
class Config:
    """One run; every field is a flag."""

    seed: int = 0
    steps: int = 150
    photos: int = 40
    coco: int = 4
    texts: int = 16
    samples: int = 5
    rate: float = 2e-4
    weight: float = 1.0
    supervised: float = 1.0
    questions: int = 5
    average: float = 0.98
    research: int = 1
    """0: as in `train_describer.py`."""


@torch.no_grad()
def sample(
    describer: Describer, memory: Tensor, mask: Tensor, count: int, start: int, end: int
) -> Tensor:
    """`count` captions of each photo drawn word by word: `(n * count, t)`, `start` first.

    After `end` come more of them.
    """
    cross = [layer.cross.remember(memory) for layer in describer.layers]
    slots = (~mask).to(memory.dtype)[:, None, None] * -1e4
    rows = len(memory) * count
    tokens = torch.full((rows, 1), start)
    done = torch.zeros(rows, dtype=torch.bool)
    past: list[tuple[Tensor, Tensor] | None] = [None] * len(describer.layers)
    for at in range(LONGEST + 1):
        x = describer.embed(tokens[:, -1:], at)
        for i, layer in enumerate(describer.layers):
            x, past[i] = layer(x, cross[i], slots, None, past[i])
        chances = describer.logits(describer.norm(x))[:, -1].float().softmax(-1)
        word = torch.multinomial(chances, 1)[:, 0].masked_fill(done, end)
        tokens = torch.cat([tokens, word[:, None]], 1)
        done |= word == end
        if done.all():
            break
    return tokens


class Judge:
    """CIDEr-D of sampled captions; COCO's two sets share what is known of rare words."""

    def __init__(self, sets: dict[str, Lessons], end: int) -> None:
        self.end = end
        self.offset = {"train": 0, "coco": 0, "texts": len(sets["coco"])}

        def ended(names: tuple[str, ...]) -> list[list[list[int]]]:
            return [[[*t, end] for t in texts] for n in names for texts in sets[n].references]

        coco = Cider(ended(("coco", "texts")))
        self.ciders = {"train": Cider(ended(("train",))), "coco": coco, "texts": coco}

    def __call__(self, name: str, row: int, tokens: list[int]) -> float:
        text = tokens[1 : tokens.index(self.end) + 1] if self.end in tokens else tokens[1:]
        return self.ciders[name](text, row + self.offset[name])


def policy_loss(
    describer: Describer, teacher: Teacher, judge: Judge, config: Config, words: Words
) -> tuple[Tensor, float]:
    """REINFORCE with the mean of a photo's other samples as the baseline, and the mean reward."""
    index = words.index
    start, end = index[CAPTION], index[END]
    parts, owners, seen = [], [], []
    for name, count in (("train", config.photos), ("coco", config.coco), ("texts", config.texts)):
        rows = teacher.rows(name, count)
        parts.append(teacher.features(name, rows))
        owners += [(name, int(row)) for row in rows]
        seen.append(torch.full((count,), name != "texts"))
    features = [torch.cat(x) for x in zip(*parts, strict=True)]
    there = torch.cat(seen)
    describer.eval()
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        memory, mask, _ = describer.memory(*features, there)
        tokens = sample(describer, memory.float(), mask, config.samples, start, end)
    rewards = torch.tensor(
        [
            judge(*owners[i // config.samples], row)
            for i, row in enumerate(tokens.tolist())
        ]
    ).view(-1, config.samples)  # fmt: skip
    others = (rewards.sum(1, keepdim=True) - rewards) / (config.samples - 1)
    advantage = (rewards - others).view(-1, 1)
    with torch.autocast("cpu", torch.bfloat16):
        memory, mask, _ = describer.memory(*features, there)
        states = describer.states(tokens[:, :-1], memory, mask, config.samples)
        wanted = tokens[:, 1:]
        # Words up to the first end, which counts: a word is kept if none before it is the end.
        kept = (wanted != end).cumprod(1).roll(1, 1).bool()
        kept[:, 0] = True
        logits = describer.logits(states[kept])
    chosen = -F.cross_entropy(logits.float(), wanted[kept], reduction="none")
    weights = advantage.expand(-1, kept.shape[1])[kept]
    return -(weights * chosen).sum() / kept.sum(), rewards.mean().item()


def go_on(
    describer: Describer, config: Config, words: Words, sets: dict[str, Lessons], teacher: Teacher
) -> Describer:
    torch.manual_seed(config.seed)
    index = words.index
    marks = {"caption": index[CAPTION], "answer": index[ANSWER]}
    beside = replace(
        Supervised(),
        photos=config.photos,
        coco=config.coco,
        labels=4 * config.research,
        texts=config.texts,
        captions=1,
        questions=config.questions,
    )
    judge = Judge(sets, index[END])
    optimiser = torch.optim.AdamW(describer.parameters(), lr=config.rate, betas=(0.9, 0.98))
    average = {k: v.clone() for k, v in describer.state_dict().items()}
    began, mean = time.perf_counter(), []
    for step in range(config.steps):
        for group in optimiser.param_groups:
            group["lr"] = config.rate * min(1, (step + 1) / 20, (config.steps - step) / 50)
        loss, reward = policy_loss(describer, teacher, judge, config, words)
        describer.train()
        drawn = teacher.batch(beside.counts, beside.captions, beside.questions)
        known, _ = step_loss(describer, drawn, beside, marks)
        optimiser.zero_grad()
        (config.weight * loss + config.supervised * known).backward()
        torch.nn.utils.clip_grad_norm_(describer.parameters(), 1.0)
        optimiser.step()
        blend(average, describer, config.average)
        mean.append(reward)
        if (step + 1) % 25 == 0:
            print(
                f"step {step + 1}, {time.perf_counter() - began:.0f} s: "
                f"mean reward of samples {np.mean(mean):.3f}", flush=True,
            )  # fmt: skip
            mean.clear()
    describer.load_state_dict(average)
    return describer.eval()


def main() -> None:
    paths = "data", "features", "describer", "out"
    config, (data, folder, given, out) = read_flags(Config, __doc__, *paths)
    words = read_words(given)
    sets, labels, gap = load(folder, data, words, research=bool(config.research))
    print(config, flush=True)
    teacher = Teacher(sets, labels, Supervised().noise * gap, config.seed + 1000)
    describer = go_on(read_describer(given), config, words, sets, teacher)
    print(json.dumps(report(describer, words, sets, labels)))
    save_describer(describer, out)
    words.write(out, NOUNS)


if __name__ == "__main__":
    main()
