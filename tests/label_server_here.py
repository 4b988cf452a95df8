"""Skips what starts vLLM where `make` could not install it: its CPU build is locked for one version of Python."""

import pytest

from resources.process.data_root import REPOSITORY

_NOT_INSTALLED = REPOSITORY / ".venv-llm" / "not-installed"
needs_vllm = pytest.mark.skipif(
    _NOT_INSTALLED.exists(),
    reason=_NOT_INSTALLED.read_text(encoding="utf-8").strip() if _NOT_INSTALLED.exists() else "",
)
