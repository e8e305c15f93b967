"""From photos to the shipped files: every stage in its order, from the first that is not done.

    python training/build.py --data DATA --work FOLDER --out vlm/starter/files

FOLDER, outside the checkout, keeps what the stages leave: features, heads, describers, and for
each stage a log and, in NAME.done, how it was run. A stage that was stopped, or that was run with
other flags, is run again from its beginning, and all that follow it; what was left half done has
another name. `recipe.toml` says how everything is trained; `--seed` changes the draws of all
trained stages, to see how much the numbers depend on them, and `--variant` takes further values
from a table of the recipe, such as `no_research`.
"""

import argparse
import os
import shlex
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Stage:
    """A script, its flags, and the file that it writes to its `--out` where it writes just one."""

    name: str
    script: str
    flags: list[str]
    result: Path | None = None

    def mark(self, work: Path) -> Path:
        """The file that says how the stage was run when it was done."""
        return work / f"{self.name}.done"

    @property
    def command(self) -> str:
        return shlex.join([self.script, *self.flags])

    def done(self, work: Path) -> bool:
        """Whether it was run like this, and what it wrote is still there."""
        mark = self.mark(work)
        same = mark.exists() and mark.read_text(encoding="utf-8") == self.command
        return same and (self.result is None or self.result.exists())


def stages(
    recipe: dict, data: Path, work: Path, out: Path, seed: int, variant: str
) -> Iterator[Stage]:
    features, heads = work / "features", work / "heads.safetensors"
    told, rewarded, final = (
        work / f"{name}.safetensors" for name in ("describer", "rewarded", "patched")
    )
    at, on = ["--data", str(data)], ["--features", str(features)]

    def tuned(name: str) -> list[str]:
        flags = {"seed": seed} | recipe[name] | recipe.get(variant, {}).get(name, {})
        return [x for k, v in flags.items() for x in ("--" + k.replace("_", "-"), str(v))]

    def after(path: Path) -> list[str]:
        return [*at, *on, "--describer", str(path)]

    yield Stage("extract", "extract.py", [*at, *on])
    yield Stage("texts", "extract_texts.py", [*at, *on])
    yield Stage("dual_encoder", "train_dual_encoder.py", [*on, *tuned("dual_encoder")], heads)
    embed = [*on, "--heads", str(heads)]
    yield Stage("embed", "embed.py", embed)
    yield Stage("cross_fit", "cross_fit.py", [*embed, *tuned("cross_fit")])
    yield Stage("describer", "train_describer.py", [*at, *on, *tuned("describer")], told)
    yield Stage("reward", "reward.py", [*after(told), *tuned("reward")], rewarded)
    patches = [*after(rewarded), "--heads", str(heads), *tuned("patches")]
    yield Stage("patches", "train_patches.py", patches, final)
    files = ["--out", str(out)]
    yield Stage("export", "export.py", [*embed, *files])
    words = ["--words", str(final.with_suffix(".words.json"))]
    exported = [*at, "--describer", str(final), *words, *files]
    yield Stage("export_describer", "export_describer.py", exported)
    bands = [*at, "--files", str(out)]
    colours = work / "colours.safetensors"
    yield Stage("colours", "train_colours.py", [*bands, *tuned("colours")], colours)
    yield Stage("calibrate", "calibrate.py", bands)
    yield Stage("calibrate_describer", "calibrate_describer.py", bands)
    yield Stage("calibrate_colours", "calibrate_colours.py", bands)


def run(stage: Stage, work: Path) -> None:
    """Run a script beside its log. Raises SystemExit when it fails."""
    command = [sys.executable, "-u", str(HERE / stage.script), *stage.flags]
    if stage.result:
        part = stage.result.with_name(f"part-{stage.result.name}")
        command += ["--out", str(part)]
    paths = os.pathsep.join([str(HERE.parent), str(HERE)])
    began = time.perf_counter()
    with (work / f"{stage.name}.log").open("w") as log:
        ended = subprocess.run(
            command, stdout=log, stderr=log, env=os.environ | {"PYTHONPATH": paths}, check=False
        )
    if ended.returncode:
        raise SystemExit(f"{stage.name} failed: see {log.name}")
    if stage.result:
        beside = part.with_suffix(".words.json")
        if beside.exists():
            beside.replace(stage.result.with_suffix(".words.json"))
        part.replace(stage.result)
    stage.mark(work).write_text(stage.command, encoding="utf-8")
    print(f"{stage.name}: {time.perf_counter() - began:.0f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--variant", default="")
    parser.add_argument("--recipe", type=Path, default=HERE / "recipe.toml")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    recipe = tomllib.loads(args.recipe.read_text(encoding="utf-8"))
    if args.variant and args.variant not in recipe:
        parser.error(f"{args.recipe} has no variant {args.variant}")
    data, work, out = (path.resolve() for path in (args.data, args.work, args.out))
    planned = list(stages(recipe, data, work, out, args.seed, args.variant))
    waiting = list(dropwhile(lambda stage: stage.done(work), planned))
    for stage in planned[: len(planned) - len(waiting)]:
        print(f"{stage.name}: done before", flush=True)
    for stage in waiting:  # first of all, so that none counts as done if this run is stopped
        stage.mark(work).unlink(missing_ok=True)
    for stage in waiting:
        run(stage, work)


if __name__ == "__main__":
    main()
