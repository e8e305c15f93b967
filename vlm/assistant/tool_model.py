"""A model on a server as a LangChain chat model that calls tools."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import LanguageModelInput
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.messages.utils import convert_to_openai_messages, message_chunk_to_message
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

from vlm.openai_tools import Call, converse


class ToolCallingModel(BaseChatModel):
    """``name`` is ``openai:MODEL@URL``. Raises what `vlm.openai_tools.converse` raises."""

    server_name: str
    max_tokens: int = 512

    @property
    def _llm_type(self) -> str:
        return "vlm-tool-calling"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Tell the server of tools with every request."""
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], **kwargs)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        sent = convert_to_openai_messages(messages)
        tools = kwargs.get("tools") or ()
        for at, piece in enumerate(
            converse(self.server_name, sent, tools, max_tokens=self.max_tokens)
        ):
            if isinstance(piece, Call):
                call = tool_call_chunk(
                    id=piece.id, name=piece.name, args=_object(piece.arguments), index=at
                )
                chunk = AIMessageChunk(content="", tool_call_chunks=[call])
            else:
                chunk = AIMessageChunk(content=piece)
            made = ChatGenerationChunk(message=chunk)
            if run_manager is not None:
                run_manager.on_llm_new_token(chunk.text, chunk=made)
            yield made

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        whole = AIMessageChunk(content="")
        for piece in self._stream(messages, stop, run_manager, **kwargs):
            whole = whole + piece.message  # type: ignore[assignment]
        return ChatResult(generations=[ChatGeneration(message=message_chunk_to_message(whole))])


def _object(arguments: str) -> str:
    """Arguments as a JSON object, whatever the model takes for one.

    LangChain ends a turn in silence over a call whose arguments are other JSON; as an object that
    fits no tool it is refused, and the model may try again.

    >>> _object('{"query": "a barn"}'), _object("[1]"), _object("barn")
    ('{"query": "a barn"}', '{"unreadable": "[1]"}', '{"unreadable": "barn"}')
    """
    try:
        if isinstance(json.loads(arguments), dict):
            return arguments
    except (ValueError, RecursionError):
        pass
    return json.dumps({"unreadable": arguments[:200]})
