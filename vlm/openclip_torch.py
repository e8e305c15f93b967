"""open_clip checkpoints on torch: the engine of GPUs, and the reference of the ONNX export.

Only safetensors are opened: the model is built from its configuration and filled by open_clip's
`load_checkpoint`, because its own search for weights prefers some pickles to ``model.safetensors``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import torch
from open_clip import CLIP, CustomTextCLIP
from open_clip.factory import load_checkpoint
from safetensors import SafetensorError

from vlm.clip import Pixels
from vlm.errors import ModelFileDamaged
from vlm.openclip_config import CONFIG, OpenClipConfig, find_weights
from vlm.openclip_text import Ids, TokenIds, build_tokenizer
from vlm.protocols import Vectors
from vlm.runtime import Runtime


class TorchTowers:
    """Both towers of an open_clip model on one device."""

    def __init__(
        self, model: torch.nn.Module, tokens: Callable[[Sequence[str]], Ids], runtime: Runtime
    ) -> None:
        self._model: Any = model.to(runtime.device)
        self._tokens = tokens
        self._runtime = runtime

    def image_rows(self, pixels: Pixels) -> Vectors:
        """Rows of normalised images."""
        return self._run(self._model.encode_image, pixels)

    def text_rows(self, texts: Sequence[str]) -> Vectors:
        """Rows of texts."""
        return self._run(self._model.encode_text, self._tokens(texts))

    def _run(self, encode: Callable[[torch.Tensor], torch.Tensor], inputs: Pixels | Ids) -> Vectors:
        device, dtype, _ = self._runtime
        # Autocast leaves norms and softmax in float32, which plain half precision does not.
        half = (
            nullcontext()
            if dtype == "float32"
            else torch.autocast(device, dtype=getattr(torch, dtype))
        )
        with torch.inference_mode(), half:
            rows = encode(torch.from_numpy(inputs).to(device))
        return rows.float().cpu().numpy().astype(np.float32, copy=False)


def load_towers(folder: Path, config: OpenClipConfig, runtime: Runtime) -> TorchTowers:
    """Load both towers; raises `ModelFileDamaged`."""
    tokens = TokenIds(build_tokenizer(folder, config), config.clean)
    return TorchTowers(load_model(folder, config), tokens, runtime)


def load_model(folder: Path, config: OpenClipConfig) -> torch.nn.Module:
    """Build the model in float32 on the CPU and fill it; raises `ModelFileDamaged`."""
    weights = find_weights(folder)
    options = deepcopy(config.model)
    model_class = CustomTextCLIP if options.pop("custom_text", False) else CLIP
    if "timm_model_name" in options["vision_cfg"]:
        options["vision_cfg"]["timm_model_pretrained"] = False  # or timm would download its own
    try:
        model: torch.nn.Module = model_class(**options)
    except (TypeError, ValueError, LookupError, AssertionError, RuntimeError) as error:
        reason = f"describes no model that open_clip can build ({error})"
        raise ModelFileDamaged(folder / CONFIG, reason, "Download it again") from error
    try:
        load_checkpoint(model, str(weights), strict=True)
    except (SafetensorError, RuntimeError, StopIteration, LookupError, OSError) as error:
        first_line = (str(error) or "it is empty").splitlines()[0]
        reason = f"damaged, or of another model ({first_line})"
        raise ModelFileDamaged(weights, reason, "Download it again") from error
    return model.eval()
