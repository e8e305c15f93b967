"""From photos to the shipped files: every stage in its order, each skipped if it was done before.

    python training/build.py --data DATA --work FOLDER --out vlm/starter/files

FOLDER, outside the checkout, keeps what the stages leave: features, heads, describers, and a log
for each stage. A stage that was stopped is run again from its beginning; what it left half done
has another name. `recipe.toml` says how everything is trained; `--seed` changes the draws of all
trained stages, to see how much the numbers depend on them, and `--variant` takes further values
from a table of the recipe, such as `no_research`.
"""

import argparse
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Stage:
    """A script, its flags, and the file that is there once it is done."""

    name: str
    script: str
    flags: list[str]
    done: Path
    writes: bool = False
    """Whether the script takes `--out` and writes that file."""


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

    yield Stage("extract", "extract.py", [*at, *on], features / "train.json")
    yield Stage("texts", "extract_texts.py", [*at, *on], features / "coco-text.owner.npy")
    yield Stage("dual_encoder", "train_dual_encoder.py", [*on, *tuned("dual_encoder")], heads, True)
    embed = [*on, "--heads", str(heads)]
    yield Stage("embed", "embed.py", embed, features / "labels.vectors.npy")
    describer = [*at, *on, *tuned("describer")]
    yield Stage("describer", "train_describer.py", describer, told, True)
    yield Stage("reward", "reward.py", [*after(told), *tuned("reward")], rewarded, True)
    patches = [*after(rewarded), "--heads", str(heads), *tuned("patches")]
    yield Stage("patches", "train_patches.py", patches, final, True)
    files = ["--out", str(out)]
    yield Stage("export", "export.py", [*embed, *files], out / "text.onnx")
    words = ["--words", str(final.with_suffix(".words.json"))]
    exported = [*at, "--describer", str(final), *words, *files]
    yield Stage("export_describer", "export_describer.py", exported, out / "words.json")
    bands = [*at, "--files", str(out)]
    yield Stage("calibrate", "calibrate.py", bands, work / "calibrated")
    yield Stage("calibrate_describer", "calibrate_describer.py", bands, work / "weighed")


def run(stage: Stage, work: Path) -> None:
    """Run a script beside its log. Raises SystemExit when it fails."""
    part = stage.done.with_name(f"part-{stage.done.name}")
    command = [sys.executable, "-u", str(HERE / stage.script), *stage.flags]
    if stage.writes:
        command += ["--out", str(part)]
    paths = os.pathsep.join([str(HERE.parent), str(HERE)])
    began = time.perf_counter()
    with (work / f"{stage.name}.log").open("w") as log:
        ended = subprocess.run(
            command, stdout=log, stderr=log, env=os.environ | {"PYTHONPATH": paths}, check=False
        )
    if ended.returncode:
        raise SystemExit(f"{stage.name} failed: see {log.name}")
    if stage.writes:
        beside = part.with_suffix(".words.json")
        if beside.exists():
            beside.replace(stage.done.with_suffix(".words.json"))
        part.replace(stage.done)
    else:
        stage.done.touch()
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
    for stage in stages(recipe, args.data, args.work, args.out, args.seed, args.variant):
        if stage.done.exists():
            print(f"{stage.name}: done before", flush=True)
        else:
            run(stage, args.work)


if __name__ == "__main__":
    main()
