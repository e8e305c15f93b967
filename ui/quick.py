"""What makes a process short that answers one query and ends."""

from __future__ import annotations

import atexit
import gc
import os
import sys


def be_quick() -> None:
    """Leave out what only longer processes gain from; to be called before numpy is imported."""
    # Numpy's threads cost a fifth of the processor time of a search to start; one query needs none.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.disable()  # half a second throws nothing away that would be worth looking for
    atexit.register(_leave_objects)


def _leave_objects() -> None:
    # At its end the interpreter looks at every object once more, for a tenth of a search. With
    # torch it has to: what its extensions miss then, they report as leaks.
    if "torch" not in sys.modules and "onnx" not in sys.modules:
        gc.freeze()
