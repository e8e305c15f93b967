"""One ViT-B/32-256 with random weights, as rclip wants it and as an open_clip checkpoint.

rclip takes its towers from a folder of a fixed name below ``RCLIP_DATADIR``, and asks the hub only
when they are not there. So random weights need no change to rclip: the towers are exported to
float32 ONNX with the settings of its own conversion script (TorchScript exporter, opset 18, the
batch as the one dynamic axis). Needs vlm-assistant[torch].
"""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path
from typing import Any

RCLIP_MODEL = "ViT-B-32-256-datacomp_s34b_b86k"
RCLIP_VOCABULARY = "tokenizer/bpe_simple_vocab_16e6.txt.gz"
ARCHITECTURE = "ViT-B-32-256"
LOOK = {
    "mean": [0.48145466, 0.4578275, 0.40821073],
    "std": [0.26862954, 0.26130258, 0.27577711],
    "interpolation": "bicubic",
    "resize_mode": "shortest",
}


def make_models(checkpoint: Path, rclip_data: Path) -> None:
    """Write both, if they are not there yet."""
    finished = rclip_data / RCLIP_VOCABULARY
    if finished.exists():
        return
    import open_clip
    import torch

    config = open_clip.get_model_config(ARCHITECTURE)
    torch.manual_seed(0)
    model = open_clip.CLIP(**config).eval()
    _write_checkpoint(checkpoint, model, config)
    towers = rclip_data / RCLIP_MODEL
    towers.mkdir(parents=True, exist_ok=True)
    side = config["vision_cfg"]["image_size"]
    _export(model.visual, torch.randn(1, 3, side, side), towers / "visual.onnx")
    tokens = torch.zeros(1, config["text_cfg"]["context_length"], dtype=torch.long)
    _export(_text_tower(model), tokens, towers / "textual.onnx")
    finished.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(Path(open_clip.__file__).with_name(finished.name), finished)


def _write_checkpoint(folder: Path, model: Any, config: dict[str, Any]) -> None:
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    told = json.dumps({"model_cfg": config, "preprocess_cfg": LOOK})
    (folder / "open_clip_config.json").write_text(told, encoding="utf-8")
    save_file(model.state_dict(), folder / "open_clip_model.safetensors")


def _text_tower(model: Any) -> Any:
    import torch

    class Text(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            return self.model.encode_text(tokens)

    return Text().eval()


def _export(tower: Any, example: Any, path: Path) -> None:
    import torch

    torch.backends.mha.set_fastpath_enabled(False)
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            tower,
            (example,),
            str(path),
            input_names=["input"],
            output_names=["output"],
            dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}},
            opset_version=18,
            dynamo=False,
        )
