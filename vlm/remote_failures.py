"""What went wrong with a model server, and what to do, in one clause for `RemoteModelFailed`."""

from __future__ import annotations

from vlm.untrusted_text import printable

_QUOTED = 200  # characters of what a server says


def spoken(error: Exception, model: str) -> str:
    """Turn an error of the openai package, or of decoding what came, into reason and remedy."""
    import openai

    match error:
        case openai.APITimeoutError():
            return "it took too long. Try again, or a smaller model or photo"
        case openai.APIConnectionError():
            cause = _quoted(str(error.__cause__ or error))
            return f"the connection failed ({cause}). Check that it is running and the URL is right"
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return (
                f"it refused the key ({_said(error)}). Set VLM_OPENAI_API_KEY to a key it accepts"
            )
        case openai.NotFoundError():
            return (
                f"it has no model '{model}' at this URL ({_said(error)}). Check the name; "
                "the URL usually ends in /v1"
            )
        case openai.RateLimitError():
            return f"it has had too many requests ({_said(error)}). Wait, or check your quota there"
        case openai.APIStatusError(status_code=status) if 300 <= status < 400:
            return f"it points to another URL (status {status}). Name that one if you trust it"
        case openai.APIStatusError(status_code=status) if status >= 500:
            return f"it is in trouble (status {status}: {_said(error)}). Try again later"
        case openai.APIStatusError(status_code=status):
            return (
                f"it refused the request (status {status}: {_said(error)}). "
                "Check that this model takes photos"
            )
        case openai.APIError():
            return f"it broke off with: {_said(error)}. Try again"
        case _:
            return (
                f"it answered with something that is no stream of chat completions "
                f"({_quoted(str(error))}). Is the URL right? It usually ends in /v1"
            )


def empty_reply(said: bool, ended: str, content_type: str) -> str:
    """Say why a reply is not whole, or nothing where it is.

    >>> empty_reply(True, "stop", "text/event-stream")
    ''
    >>> empty_reply(False, "", "text/html; charset=utf-8")[:45]
    'it answered with text/html instead of a strea'
    """
    if ended == "content_filter":
        return "it refused to answer (its content filter). Try another photo or question"
    if not said and not ended:
        kind = _quoted(content_type.partition(";")[0]) or "nothing"
        return (
            f"it answered with {kind} instead of a stream of chat completions. Is the URL right? "
            "It usually ends in /v1"
        )
    if not said:
        return f"its reply holds no text (it ended with '{_quoted(ended)}'). Try again"
    if not ended:
        return "the reply broke off before its end. Try again"
    return ""


def _said(error: Exception) -> str:
    import openai

    body = error.body if isinstance(error, openai.APIError) else None
    message = body.get("message") if isinstance(body, dict) else None
    return _quoted(str(message or getattr(error, "message", error)))


def _quoted(text: str) -> str:
    words = " ".join(printable(text).split())
    return words[:_QUOTED].rstrip(" .") or "no reason given"
