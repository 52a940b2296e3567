"""Ciphers for the stores of these tests."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class SimpleCipher:
    """AES-GCM under one key."""

    def __init__(self, key: bytes = b"k" * 32) -> None:
        self._aes = AESGCM(key)

    def seal(self, plaintext: bytes, aad: bytes) -> bytes:
        nonce = os.urandom(12)
        return nonce + self._aes.encrypt(nonce, plaintext, aad)

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        return self._aes.decrypt(sealed[:12], sealed[12:], aad)


class TwoKeys(SimpleCipher):
    """Seals with a new key, opens with the new or the old one."""

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        try:
            return super().open(sealed, aad)
        except Exception:
            return SimpleCipher().open(sealed, aad)
