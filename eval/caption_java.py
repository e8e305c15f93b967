"""The two Java programs in pycocoevalcap: the Penn Treebank tokeniser and METEOR 1.5.

That package's own wrappers write into site-packages, wait for ever once METEOR has failed, and
do not work in a folder with a space in its name. So the programs are run from here, through
pipes: nothing is written anywhere, and no process is left behind.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen, run
from tempfile import TemporaryFile

from vlm.errors import VlmError

# Where decimals have a comma, METEOR cannot read the numbers in its own jar.
_JVM = ("-XX:-UsePerfData", "-Duser.language=en")


class JavaMissing(VlmError):
    """There is no ``java`` command."""

    def __init__(self) -> None:
        super().__init__(
            "Scoring captions needs Java 8 or newer, and there is no 'java' command. Install it, "
            "on Debian and Ubuntu with: apt install default-jre-headless"
        )


class JavaFailed(VlmError):
    """``java`` did not do its work; the message holds the first line that it wrote."""

    def __init__(self, program: str, said: bytes) -> None:
        lines = (line.strip() for line in said.decode("utf-8", errors="replace").splitlines())
        told = (line for line in lines if line and not line.startswith("Picked up "))
        super().__init__(
            f"Java could not run {program}: {next(told, 'it ended without a word')}. "
            "Check the installation with: java -version"
        )


def find_java() -> str:
    """Path of the ``java`` command; raises `JavaMissing`."""
    java = shutil.which("java")
    if java is None:
        raise JavaMissing
    return java


def tokenise(texts: Sequence[str]) -> list[str]:
    """Each text in lower case, tokens joined by spaces, without punctuation.

    Raises `JavaMissing` or `JavaFailed`.
    """
    from pycocoevalcap.tokenizer import ptbtokenizer

    command = ("edu.stanford.nlp.process.PTBTokenizer", "-preserveLines", "-lowerCase")
    # One line a text: whatever the tokeniser takes for the end of a line becomes a space.
    lines = "".join(" ".join(text.split()) + "\n" for text in texts)
    done = run(
        [find_java(), *_JVM, "-cp", ptbtokenizer.STANFORD_CORENLP_3_4_1_JAR, *command],
        input=lines.encode("utf-8", errors="replace"),  # JSON may hold half a surrogate pair
        capture_output=True,
        cwd=Path(ptbtokenizer.__file__).parent,
        check=False,
    )
    tokenised = done.stdout.decode("utf-8").split("\n")[:-1]
    if done.returncode != 0 or len(tokenised) != len(texts):
        raise JavaFailed("the tokeniser", done.stderr)
    dropped = frozenset(ptbtokenizer.PUNCTUATIONS)
    return [" ".join(t for t in line.split(" ") if t not in dropped) for line in tokenised]


def meteor(
    candidates: Sequence[str], references: Sequence[Sequence[str]]
) -> tuple[float, list[float]]:
    """METEOR of tokenised candidates: of all together, and of each; in [0, 1].

    Raises `JavaMissing` or `JavaFailed`.
    """
    with _meteor() as process:
        statistics = [
            _ask(process, "SCORE", *wanted, candidate)
            for candidate, wanted in zip(candidates, references, strict=True)
        ]
        first = _ask(process, "EVAL", *statistics)
        *each, overall = map(float, [first, *(_answer(process) for _ in statistics)])
    return overall, each


@contextmanager
def _meteor() -> Iterator[Popen[bytes]]:
    from pycocoevalcap.meteor import meteor as wrapper

    # Without -a, METEOR looks for its paraphrases under a path with escaped spaces and letters.
    options = ("-", "-", "-stdio", "-l", "en", "-norm", "-a", "data/paraphrase-en.gz")
    command = [find_java(), *_JVM, "-Xmx2G", "-jar", wrapper.METEOR_JAR, *options]
    folder = Path(wrapper.__file__).parent
    with TemporaryFile() as errors:
        process = Popen(command, stdin=PIPE, stdout=PIPE, stderr=errors, cwd=folder)
        try:
            yield process
        except BrokenPipeError:
            errors.seek(0)
            raise JavaFailed("METEOR", errors.read()) from None
        finally:
            process.kill()
            process.communicate()


def _ask(process: Popen[bytes], *fields: str) -> str:
    assert process.stdin is not None
    line = " ||| ".join(field.replace("|||", "") for field in fields)
    process.stdin.write(f"{line}\n".encode())
    process.stdin.flush()
    return _answer(process)


def _answer(process: Popen[bytes]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline().decode().strip()
    if not line:
        raise BrokenPipeError
    return line
