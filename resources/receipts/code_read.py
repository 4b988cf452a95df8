"""Which of our source decides what a table holds: the modules that its asset imports, and the files that these name.

Belongs here: following imports without running anything. Does not belong here: what is made of it, a hash
(code_fingerprint.py).

A table is made again when its code has changed. If the code were all of its zone, a comma in a note below a table would
impute every value anew, and a word in the start of a label server would link a quarter anew.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from resources.process.data_root import REPOSITORY
from resources.process.shield import OUR_PACKAGES

# Where source and what it reads lie; who runs it (pathways) and what is made up (synthetic_extracts) decide no table.
PACKAGES = tuple(sorted(OUR_PACKAGES - {"pathways", "synthetic_extracts"}))
DATA = ("reference",)  # what models that read notes hold is part of an engine's identity
TEMPLATES = "templates"  # Markdown is for people but there


@dataclass(frozen=True)
class Source:
    """What one module says: modules and libraries that it imports, and strings of it that are a word or a path."""

    modules: frozenset[Path]
    libraries: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True)
class CodeRead:
    """Files of ours that decide a table, and libraries imported by them (first part of their names)."""

    files: frozenset[Path]
    libraries: frozenset[str]


@cache
def code_read(*modules: str, root: Path = REPOSITORY) -> CodeRead:
    """What the named modules of ours import, directly or through others, with the data files that any of it names.

    A module reads a data file of its own package, or of `reference`, by naming it; or by naming its folder and no file
    of it, when some module names the file without its suffix, or none names any. Sentences name nothing.
    """
    found: set[Path] = set()
    new = {file for module in modules for file in _files_of(root, module)}
    while new:
        found |= new
        new = {file for path in new for file in _source(root, path).modules} - found
    words = frozenset(word for path in found for word in _source(root, path).words)
    named: set[Path] = set()
    for path in found:
        files, folders = _data_named(root, path)
        named |= files
        for folder in folders:
            inside = _data_files(root)[folder]
            named |= {file for file in inside if file.stem in words} or set(inside)
    libraries = (library for path in found for library in _source(root, path).libraries)
    return CodeRead(frozenset(found | named), frozenset(libraries))


@cache
def _data_named(root: Path, path: Path) -> tuple[frozenset[Path], frozenset[Path]]:
    """Data files that a module names, and folders of data that it names without a file or folder in them."""
    words, rooms = _source(root, path).words, {*DATA, path.relative_to(root).parts[0]}
    within = {
        folder: files for folder, files in _data_files(root).items() if folder.relative_to(root).parts[0] in rooms
    }
    files = {file for inside in within.values() for file in inside if file.name in words}
    named = {folder for folder in within if folder.name in words}
    entered = {file.parent for file in files} | {parent for folder in named for parent in folder.parents}
    return frozenset(files), frozenset(named - entered)


@cache
def _data_files(root: Path) -> dict[Path, list[Path]]:
    """Files by folder that are no source and that not only people read."""
    folders: dict[Path, list[Path]] = {}
    for room in (*PACKAGES, *DATA):
        for path in sorted((root / room).rglob("*")):
            for_people = path.suffix == ".md" and TEMPLATES not in path.parts
            if path.is_file() and path.suffix not in {".py", ".pyc"} and not for_people:
                folders.setdefault(path.parent, []).append(path)
    return folders


@cache
def _source(root: Path, path: Path) -> Source:
    modules: set[Path] = set()
    libraries: set[str] = set()
    words: set[str] = set()
    for node in _read_nodes(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str) and " " not in node.value:
                words |= {*node.value.split("/")}
            continue
        for name in _imported(node):
            ours = _files_of(root, name)
            modules |= ours
            if not ours:
                libraries.add(name.split(".")[0])
    return Source(frozenset(modules), frozenset(libraries), frozenset(words))


def _read_nodes(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom | ast.Constant]:
    """Imports, and constants but documentation. Every process of a zone reads all of it: `ast.walk` is half as fast."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Constant):
            yield node
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            for child in node.__dict__.values():
                if isinstance(child, ast.AST):
                    waiting.append(child)
                elif isinstance(child, list):
                    waiting += [each for each in cast("list[object]", child) if isinstance(each, ast.AST)]


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """Dotted names that an import may load: `from a.b import c` loads a.b, and a.b.c where that is a module."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif node.module and not node.level:
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def _files_of(root: Path, name: str) -> frozenset[Path]:
    """Files that importing a dotted name runs, as far as they are ours: packages on the way, and the module."""
    parts = name.split(".")
    if parts[0] not in PACKAGES:
        return frozenset()
    places = [root.joinpath(*parts[:length]) for length in range(1, len(parts) + 1)]
    files = (path for place in places for path in (place / "__init__.py", place.with_suffix(".py")))
    return frozenset(path for path in files if path.is_file())
