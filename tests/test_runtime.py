"""Device, number format and engine: chosen with a reason, never silently another one."""

from __future__ import annotations

import importlib.util
import sys
from typing import Any

import pytest

from vlm import runtime
from vlm.errors import RuntimeUnavailable, VlmError
from vlm.runtime import Runtime, pick_engine, pick_runtime


@pytest.fixture(autouse=True)
def _nothing_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VLM_DEVICE", raising=False)
    monkeypatch.delenv("VLM_ENGINE", raising=False)


@pytest.fixture
def no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(runtime, "find_spec", lambda name: None if name == "torch" else real(name))


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The real torch, asked although it finds no accelerator."""
    monkeypatch.setattr(runtime, "_may_have_a_gpu", lambda: True)
    torch = pytest.importorskip("torch", reason="the torch extra is not installed")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    return torch


@pytest.fixture
def gpu(torch: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    class Properties:
        total_memory = 24e9

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: (8, 6))
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda index: "A Graphics Card")
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda index: Properties)
    return torch


@pytest.mark.usefixtures("no_torch")
def test_without_torch_it_is_onnx_runtime_on_the_cpu_and_says_so() -> None:
    found = pick_runtime()
    assert found[:2] == ("cpu", "float32")
    assert "CPUExecutionProvider" in found.why and "torch is not installed" in found.why


@pytest.mark.usefixtures("no_torch")
@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_without_torch_a_gpu_is_refused_with_the_command_to_install_it(device: str) -> None:
    with pytest.raises(RuntimeUnavailable, match=rf"'{device}'.*pip install 'vlm-assistant\[torch"):
        pick_runtime(device)


@pytest.mark.usefixtures("torch")
def test_without_a_gpu_it_is_the_cpu_and_says_why() -> None:
    assert pick_runtime() == Runtime("cpu", "float32", "the CPU, because torch finds no GPU here")


def test_torch_is_not_asked_where_there_is_no_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "_may_have_a_gpu", lambda: False)
    monkeypatch.setattr(runtime, "find_spec", lambda name: "installed")
    monkeypatch.setitem(sys.modules, "torch", None)  # importing it would fail
    assert pick_runtime()[:2] == ("cpu", "float32")


@pytest.mark.usefixtures("torch")
@pytest.mark.parametrize("device", ["cuda", "mps"])
@pytest.mark.parametrize("through", ["argument", "environment"])
def test_a_gpu_that_is_not_there_is_never_replaced_silently(
    device: str, through: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if through == "environment":
        monkeypatch.setenv("VLM_DEVICE", device)
    with pytest.raises(VlmError, match=f"Cannot use device '{device}'"):
        pick_runtime(device if through == "argument" else "auto")


@pytest.mark.usefixtures("gpu")
def test_a_gpu_is_preferred_and_named() -> None:
    assert pick_runtime() == Runtime("cuda", "bfloat16", "A Graphics Card with 24 GB")


def test_a_gpu_without_bfloat16_gets_float16(gpu: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu.cuda, "get_device_capability", lambda: (7, 5))
    assert pick_runtime("cuda").dtype == "float16"


def test_apple_gpus_are_found(torch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert pick_runtime() == Runtime("mps", "float16", "the Apple GPU")


@pytest.mark.usefixtures("gpu")
def test_the_environment_decides_unless_the_caller_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VLM_DEVICE", " CPU ")
    assert pick_runtime().device == "cpu"
    assert "VLM_DEVICE" in pick_runtime().why
    assert pick_runtime("cuda").device == "cuda"


@pytest.mark.parametrize("name", ["gpu", "cuda:7", "tpu"])
def test_an_unknown_device_lists_the_known(name: str) -> None:
    with pytest.raises(RuntimeUnavailable, match="auto, cpu, cuda, mps"):
        pick_runtime(name)


def test_the_engine_follows_the_device_and_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu, cuda = Runtime("cpu", "float32", ""), Runtime("cuda", "bfloat16", "")
    assert (pick_engine(cpu)[0], pick_engine(cuda)[0]) == ("onnx", "torch")
    monkeypatch.setenv("VLM_ENGINE", "torch")
    assert pick_engine(cpu) == ("torch", "torch, because VLM_ENGINE says so")
    monkeypatch.setenv("VLM_ENGINE", "onnx")
    assert pick_engine(cuda)[0] == "onnx"
    monkeypatch.setenv("VLM_ENGINE", "openvino")
    with pytest.raises(RuntimeUnavailable, match=r"'openvino'.*torch, onnx"):
        pick_engine(cpu)
