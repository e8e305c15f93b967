"""The Chat page by Streamlit's own test runner: what is said to it, and what it says."""

from __future__ import annotations

import json

from app_pages import checked, opened
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ChatMessage


def chat(conversation: str = "") -> AppTest:
    """The Chat page, perhaps with a conversation in its URL."""
    app = opened("chat")
    if conversation:
        app.query_params["conversation"] = conversation
        checked(app.run())
    return app


def say(app: AppTest, words: str, **photos: bytes) -> AppTest:
    message = app.chat_input(key="message").set_value(words)
    for name, data in photos.items():
        message.upload(f"{name}.png", data, "image/png")
    return checked(message.run())


def press(app: AppTest, key: str) -> AppTest:
    return checked(app.button(key=key).click().run())


def conversation(app: AppTest) -> str:
    """What the URL says."""
    return "".join(app.query_params.get("conversation", []))


def questions(app: AppTest) -> list[str]:
    return [_words(message) for message in app.chat_message if message.name == "user"]


def replies(app: AppTest) -> list[str]:
    """The words of the answers, whether they cite a photo or not."""
    return [_reply(message) for message in app.chat_message if message.name == "assistant"]


def announcement(app: AppTest) -> str:
    """What a screen reader is told."""
    said: str = json.loads(_components(app, "live_region")[0])
    return said


def _words(message: ChatMessage) -> str:
    return " ".join(text.value for text in message.text)


def _reply(message: ChatMessage) -> str:
    for data in _components(message, "reply_text"):
        return "".join(part["text"] for part in json.loads(data))
    for data in _components(message, "copy_button"):
        text: str = json.loads(data)["text"]
        assert text in [text.value for text in message.text]
        return text
    return ""


def _components(block: AppTest | ChatMessage, name: str) -> list[str]:
    protos = [element.proto for element in block.get("bidi_component")]
    return [proto.json for proto in protos if proto.component_name.endswith(name)]
