"""The model table: data only, no loading.

`vlm models`, the model pickers, the README and the registry all read `MODELS`.

Where the numbers come from. Repositories, file lists, sizes and licences: the model pages on the
hub as far as they could be read in November 2026, which is all of them but the file lists of
the SigLIP 2 B/32, B/16-256 and SO400M repositories (their siblings at other sizes were read), of
Florence-2 and of the larger Qwen models; one without safetensors says so when it is loaded.
Parameters: counted on the models that open_clip 3.3 builds for the embedders, and from the size
of the published weights for the describers. `ModelSpec.ram_gb` is computed, not measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Role: TypeAlias = Literal["embed", "describe"]
Tier: TypeAlias = Literal["embedded", "laptop", "gpu-8gb", "gpu-24gb", "remote", "test", "local"]
Extra: TypeAlias = Literal["", "torch", "remote"]


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One model that can be asked for by name.

    ``factory`` is ``module:function``, called as ``function(spec, folder)`` where ``folder`` holds
    the weights or is None (then `vlm.hub` knows where they are); or ``module:Class``, called
    without arguments, for models that come with the package.
    """

    name: str
    role: Role
    factory: str
    licence: str
    tier: Tier
    note: str
    hub_id: str = ""
    """``owner/repository`` on the Hugging Face hub, ``@revision`` where its main branch holds no
    safetensors; empty for what comes with the package."""
    companion: str = ""
    """A second repository that the model needs: another head, another tower."""
    parameters_m: float = 0
    """Millions of parameters, both towers or heads together."""
    disk_gb: float = 0
    """Download size in gigabytes (10^9 bytes)."""
    languages: str = "en"
    extra: Extra = ""
    """The optional dependencies that it needs, as in ``vlm-assistant[torch]``."""

    @property
    def ram_gb(self) -> float:
        """Memory of the weights alone in float32, as a CPU runs them: computed, 4 bytes each."""
        return round(self.parameters_m * 4 / 1000, 1)


STARTER_LICENCE = "non-commercial (research data)"
"""Its backbones are Apache-2.0; what was trained on research photos is not for business use."""

_OPEN_CLIP = "vlm.openclip:load"
_CHAT = "vlm.chat_template:load"

_EMBEDDERS = (
    ModelSpec(
        name="starter",
        role="embed",
        factory="vlm.starter.embedder:StarterEmbedder",
        licence=STARTER_LICENCE,
        tier="embedded",
        parameters_m=36.6,
        note="Comes with the package: no download, no GPU",
    ),
    ModelSpec(
        name="siglip2-b32-256",
        role="embed",
        factory=_OPEN_CLIP,
        hub_id="timm/ViT-B-32-SigLIP2-256",
        licence="Apache-2.0",
        tier="laptop",
        parameters_m=376.9,
        disk_gb=1.5,
        languages="multilingual",
        extra="torch",
        note="The best choice for a CPU",
    ),
    ModelSpec(
        name="siglip2-b16-256",
        role="embed",
        factory=_OPEN_CLIP,
        hub_id="timm/ViT-B-16-SigLIP2-256",
        licence="Apache-2.0",
        tier="gpu-8gb",
        parameters_m=375.2,
        disk_gb=1.5,
        languages="multilingual",
        extra="torch",
        note="Finer patches: for a small GPU",
    ),
    ModelSpec(
        name="siglip2-so400m-384",
        role="embed",
        factory=_OPEN_CLIP,
        hub_id="timm/ViT-SO400M-16-SigLIP2-384",
        licence="Apache-2.0",
        tier="gpu-24gb",
        parameters_m=1136.0,
        disk_gb=4.5,
        languages="multilingual",
        extra="torch",
        note="The largest embedder of the table: for a large GPU",
    ),
    ModelSpec(
        name="clip-b32",
        role="embed",
        factory=_OPEN_CLIP,
        hub_id="timm/vit_base_patch32_clip_224.openai",
        licence="MIT",
        tier="laptop",
        parameters_m=151.3,
        disk_gb=0.6,
        extra="torch",
        note="OpenAI's CLIP: a reference to compare with",
    ),
    ModelSpec(
        name="clip-b32-datacomp",
        role="embed",
        factory=_OPEN_CLIP,
        hub_id="laion/CLIP-ViT-B-32-256x256-DataComp-s34B-b86K",
        licence="MIT",
        tier="laptop",
        parameters_m=151.3,
        disk_gb=0.6,
        extra="torch",
        note="Needs little memory, English only",
    ),
    ModelSpec(
        name="clip-b32-multilingual",
        role="embed",
        factory="vlm.sentence_clip:load",
        hub_id="sentence-transformers/clip-ViT-B-32-multilingual-v1",
        # sentence-transformers/clip-ViT-B-32 holds the same weights, but as a pickle only.
        companion="timm/vit_base_patch32_clip_224.openai",
        licence="Apache-2.0",
        tier="laptop",
        parameters_m=286.4,
        disk_gb=1.1,
        languages="50 languages",
        extra="torch",
        note="OpenAI's image tower with a text tower for 50 languages",
    ),
    ModelSpec(
        name="fake",
        role="embed",
        factory="vlm.fakes:ColourEmbedder",
        licence="Apache-2.0",
        tier="test",
        note="Knows red, green and blue: for trying the plumbing",
    ),
)

_DESCRIBERS = (
    ModelSpec(
        name="starter",
        role="describe",
        factory="vlm.starter.describer:StarterDescriber",
        licence=STARTER_LICENCE,
        tier="embedded",
        parameters_m=48.3,
        note="A small decoder: captions, short answers; comes with the package",
    ),
    ModelSpec(
        name="blip-base",
        role="describe",
        factory="vlm.blip:load",
        # The main branch holds pickles only; this revision adds the same weights as safetensors.
        hub_id="Salesforce/blip-image-captioning-base@refs/pr/38",
        companion="Salesforce/blip-vqa-base",
        licence="BSD-3-Clause",
        tier="laptop",
        parameters_m=632,
        disk_gb=2.5,
        extra="torch",
        note="Short captions and one-word answers, from two heads",
    ),
    ModelSpec(
        name="florence-2-base",
        role="describe",
        factory="vlm.florence:load",
        hub_id="florence-community/Florence-2-base",
        licence="MIT",
        tier="laptop",
        parameters_m=232,
        disk_gb=0.5,
        extra="torch",
        note="Captions in three lengths; no free questions",
    ),
    ModelSpec(
        name="smolvlm-256m",
        role="describe",
        factory=_CHAT,
        hub_id="HuggingFaceTB/SmolVLM-256M-Instruct",
        licence="Apache-2.0",
        tier="laptop",
        parameters_m=256,
        disk_gb=0.5,
        extra="torch",
        note="The smallest model here that chats",
    ),
    ModelSpec(
        name="smolvlm-500m",
        role="describe",
        factory=_CHAT,
        hub_id="HuggingFaceTB/SmolVLM-500M-Instruct",
        licence="Apache-2.0",
        tier="laptop",
        parameters_m=507,
        disk_gb=1.0,
        extra="torch",
        note="Chats; twice the size of the 256M one",
    ),
    ModelSpec(
        name="llava-1.5-7b",
        role="describe",
        factory=_CHAT,
        hub_id="llava-hf/llava-1.5-7b-hf",
        licence="Llama 2 Community",
        tier="gpu-24gb",
        parameters_m=7063,
        disk_gb=14.1,
        extra="torch",
        note="The classic; not an open-source licence",
    ),
    ModelSpec(
        name="qwen3-vl-2b",
        role="describe",
        factory=_CHAT,
        hub_id="Qwen/Qwen3-VL-2B-Instruct",
        licence="Apache-2.0",
        tier="gpu-8gb",
        parameters_m=2128,
        disk_gb=4.3,
        languages="multilingual",
        extra="torch",
        note="Chats, reads text in photos",
    ),
    ModelSpec(
        name="qwen3-vl-4b",
        role="describe",
        factory=_CHAT,
        hub_id="Qwen/Qwen3-VL-4B-Instruct",
        licence="Apache-2.0",
        tier="gpu-24gb",
        parameters_m=4438,
        disk_gb=8.9,
        languages="multilingual",
        extra="torch",
        note="Chats, reads text in photos",
    ),
    ModelSpec(
        name="qwen3-vl-8b",
        role="describe",
        factory=_CHAT,
        hub_id="Qwen/Qwen3-VL-8B-Instruct",
        licence="Apache-2.0",
        tier="gpu-24gb",
        parameters_m=8767,
        disk_gb=17.5,
        languages="multilingual",
        extra="torch",
        note="The largest describer of the table",
    ),
    ModelSpec(
        name="fake",
        role="describe",
        factory="vlm.fakes:EchoDescriber",
        licence="Apache-2.0",
        tier="test",
        note="Says size and colour: for trying the plumbing",
    ),
)

MODELS: tuple[ModelSpec, ...] = _EMBEDDERS + _DESCRIBERS
"""Every model with a name, embedders first; names are unique within a role."""

DEFAULT_EMBEDDER = "starter"
DEFAULT_DESCRIBER = "starter"
