"""Conversations of the Chat page, kept in one private file on this machine."""

from ui.conversations.records import (
    Cited,
    Conversation,
    Exchange,
    FoundPhoto,
    PhotoName,
    Spent,
    State,
)
from ui.conversations.store import Conversations

__all__ = [
    "Cited",
    "Conversation",
    "Conversations",
    "Exchange",
    "FoundPhoto",
    "PhotoName",
    "Spent",
    "State",
]
