"""A refresh never loads the generator of synthetic extracts; one module opens the mark that the generator leaves."""

import re
import subprocess
import sys
from pathlib import Path

from resources.process.shield import OUR_PACKAGES

REPOSITORY = Path(__file__).resolve().parents[3]


def test_the_command_line_does_not_load_the_generator():
    # That what a refresh imports further does not either, lint-imports sees.
    loaded = "[name for name in sys.modules if name.startswith('synthetic_extracts')]"
    code = f"import sys, pathways.cli; print({loaded})"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_one_module_opens_the_mark_of_synthetic_extracts():
    opening = re.compile(r"/ (MARK\b|[f\"'(]*SYNTHETIC\.json)|read_kept\([^)]*MARK")
    files = [file for place in OUR_PACKAGES for file in (REPOSITORY / place).rglob("*.py")]
    found = {str(file.relative_to(REPOSITORY)) for file in files if opening.search(file.read_text(encoding="utf-8"))}
    assert found == {"resources/extracts/synthetic_mark.py"}
