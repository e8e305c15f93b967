"""64 bits as SQLite stores them, which knows signed integers only, and back."""

from __future__ import annotations


def signed(bits: int | None) -> int | None:
    """The number from -2^63 to 2^63 - 1 with these 64 bits.

    >>> signed(2**64 - 1), signed(5)
    (-1, 5)
    """
    return bits if bits is None or bits < 1 << 63 else bits - (1 << 64)


def unsigned(number: int | None) -> int | None:
    """The bits of a stored number, from 0 to 2^64 - 1.

    >>> unsigned(-1), unsigned(5)
    (18446744073709551615, 5)
    """
    return None if number is None else number % (1 << 64)
