"""The stages of a build: done once, from the first that is not done, on scripts made up here."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

TRAINING = Path(__file__).parents[1] / "training"
RECIPE = tomllib.loads((TRAINING / "recipe.toml").read_text(encoding="utf-8"))
SCRIPT = """
import sys
from pathlib import Path
flags = dict(zip(sys.argv[1::2], sys.argv[2::2]))
name = Path(sys.argv[0]).stem
with Path(__file__).with_name("ran.txt").open("a") as log:
    print(name, file=log)
if name.startswith("train") or name == "reward":
    out = Path(flags["--out"])
    if name == "reward":  # goes on from what was written before
        assert Path(flags["--describer"]).read_text().startswith("train_describer")
    out.write_text(" ".join([name, *sys.argv[1:]]))
    out.with_suffix(".words.json").write_text(name)
if Path(__file__).with_name(f"{name}.fails").exists():
    sys.exit("no such thing")
"""


class Builds:
    """A build whose scripts only say that they ran."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        # By its path, since a package for wheels has the same name.
        spec = importlib.util.spec_from_file_location("training_build", TRAINING / "build.py")
        assert spec and spec.loader
        self.build: Any = importlib.util.module_from_spec(spec)
        patch.setitem(sys.modules, spec.name, self.build)
        spec.loader.exec_module(self.build)
        self.patch, self.scripts, self.work = patch, folder / "scripts", folder / "work"
        self.scripts.mkdir()
        for path in TRAINING.glob("*.py"):
            (self.scripts / path.name).write_text(SCRIPT)
        patch.setattr(self.build, "HERE", self.scripts)
        self.flags = ["--data", str(folder / "data"), "--work", str(self.work)]
        self.flags += ["--recipe", str(TRAINING / "recipe.toml")]

    def __call__(self, *flags: str, out: str = "out") -> list[str]:
        """Run it; the scripts that ran."""
        ran = self.scripts / "ran.txt"
        ran.write_text("")
        given = ["build.py", *self.flags, "--out", str(self.work.parent / out), *flags]
        self.patch.setattr(sys, "argv", given)
        self.build.main()
        return ran.read_text().split()


@pytest.fixture
def builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builds:
    return Builds(tmp_path, monkeypatch)


ALL = [
    "extract", "extract_texts", "train_dual_encoder", "embed", "cross_fit", "train_describer",
    "reward", "train_patches", "export", "export_describer", "train_colours", "calibrate",
    "calibrate_describer", "calibrate_colours",
]  # fmt: skip


def test_stages_run_in_their_order_and_not_again(
    builds: Builds, capsys: pytest.CaptureFixture[str]
) -> None:
    assert builds() == ALL
    made = (builds.work / "rewarded.safetensors").read_text()
    assert (
        made.startswith("reward")
        and "--seed 0" in made
        and f"--steps {RECIPE['reward']['steps']} " in made
    )
    assert (builds.work / "rewarded.words.json").read_text() == "reward"
    assert not list(builds.work.glob("part-*safetensors"))
    capsys.readouterr()
    assert builds() == []
    assert capsys.readouterr().out.count("done before") == len(ALL)


def test_what_is_run_with_other_flags_is_run_again_with_all_that_follows(builds: Builds) -> None:
    builds()
    assert builds(out="elsewhere") == ALL[ALL.index("export") :]
    assert builds("--seed", "1") == ALL[ALL.index("train_dual_encoder") :]
    made = (builds.work / "rewarded.safetensors").read_text()
    assert "--seed 1" in made


def test_a_result_that_was_deleted_is_made_again(builds: Builds) -> None:
    builds()
    (builds.work / "patched.safetensors").unlink()
    assert builds() == ALL[ALL.index("train_patches") :]


def test_a_stage_that_fails_leaves_no_result_and_names_its_log(builds: Builds) -> None:
    failing = builds.scripts / "reward.fails"
    failing.touch()
    with pytest.raises(SystemExit, match=r"reward failed: see .*reward\.log"):
        builds()
    assert "no such thing" in (builds.work / "reward.log").read_text()
    assert (builds.work / "describer.safetensors").exists()
    assert not (builds.work / "rewarded.safetensors").exists()
    assert not (builds.work / "rewarded.words.json").exists()
    failing.unlink()
    assert builds() == ALL[ALL.index("reward") :]


def test_what_follows_a_failure_does_not_count_as_done(builds: Builds) -> None:
    builds()
    failing = builds.scripts / "embed.fails"
    failing.touch()
    with pytest.raises(SystemExit, match="embed failed"):
        builds("--seed", "1")
    failing.unlink()
    assert builds("--seed", "1") == ALL[ALL.index("embed") :]  # though embed takes no seed


def test_a_variant_changes_the_values_of_its_table_and_must_be_one(builds: Builds) -> None:
    builds("--variant", "no_research")
    made = (builds.work / "describer.safetensors").read_text()
    own = RECIPE["no_research"]["describer"]
    assert own["photos"] != RECIPE["describer"]["photos"]
    assert f"--photos {own['photos']} " in made and "--research 0" in made
    assert f"--captions {RECIPE['describer']['captions']} " in made  # what it does not change
    with pytest.raises(SystemExit):
        builds("--variant", "no_reserch")
