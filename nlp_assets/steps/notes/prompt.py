"""The prompt of the note classifier: reads a versioned prompt file and renders it around a note.

Belongs here: everything that decides which text the model sees. Does not belong here: sending it (the label client)
and cutting long notes. Standard library only: the fixture model is trained behind the same text, in an environment
without the rest.

The chat format (ChatML, as Qwen2.5-Instruct expects) is applied here as text and sent to /v1/completions, so that the
fixture model and a production model read the same characters. The prefix is the same for every note: it is what the
server's prefix cache holds.
"""

import re
import tomllib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from contracts.vocabulary import NOTE_LABELS
from nlp_assets.steps.notes.control_tokens import repeated, take_out_control_tokens

PROMPT_FOLDER = Path(__file__).resolve().parents[2] / "prompts"
_TEXT_KEYS = ("name", "delimiter", "role", "task", "label_1", "label_0")


class PromptError(Exception):
    """A prompt file cannot be used; the message says which and why."""


@dataclass(frozen=True)
class Prompt:
    """A prompt ready to use: `prefix` + cleaned note + `suffix` is what the model completes with 0 or 1.

    `system`: the same instructions without the chat format, for servers that apply their own; `examples`: the notes in
    them with their labels.
    """

    name: str
    hash: str
    delimiter: str
    prefix: str
    suffix: str
    system: str = ""
    examples: tuple[tuple[str, str], ...] = ()


def load_prompt(name: str, folder: Path = PROMPT_FOLDER) -> Prompt:
    """Read `<folder>/<name>.toml`. `hash` is the SHA-256 of prefix and suffix: a changed comment leaves it, any changed
    character sent to the model does not. Raises PromptError for a missing or incomplete file.
    """
    path = folder / f"{name}.toml"
    if not path.is_file():
        available = ", ".join(sorted(file.stem for file in folder.glob("*.toml"))) or "none"
        raise PromptError(f"no prompt {name!r} in {folder.name}/. Available: {available}.")
    try:
        entry = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise PromptError(f"prompt {name}: not valid TOML: {error}") from None
    _check(name, entry)
    system = _system_text(entry)
    prefix, suffix = _chat_text(system, entry["delimiter"])
    digest = sha256(f"{prefix}\0{suffix}".encode()).hexdigest()
    examples = tuple((example["note"].strip(), str(example["label"])) for example in entry["examples"])
    return Prompt(name, digest, entry["delimiter"], prefix, suffix, system, examples)


def render(prompt: Prompt, note_text: str) -> str:
    """The whole text sent for one note. Raises nothing: a note cannot leave its delimiters."""
    return prompt.prefix + clean_note(note_text, prompt.delimiter) + prompt.suffix


def messages(prompt: Prompt, note_text: str) -> list[dict[str, str]]:
    """The same as chat messages, for servers that apply the chat format themselves."""
    note = clean_note(note_text, prompt.delimiter)
    return [
        {"role": "system", "content": prompt.system},
        {"role": "user", "content": f"<{prompt.delimiter}>\n{note}\n</{prompt.delimiter}>"},
    ]


def clean_note(note_text: str, delimiter: str) -> str:
    """The note without anything that a model could take for the end of the note: control tokens and delimiter tags.

    Of a tag with more in it than the delimiter's name only the name goes: the rest may be words of the note. Repeated
    until nothing is left to remove: taking a tag out of the middle of another one would make a new one.
    """
    name = re.escape(delimiter)
    tag = re.compile(rf"<[\s/]{{0,8}}{name}(?:[\s/]{{0,8}}>)?", re.IGNORECASE)
    return repeated(lambda text: take_out_control_tokens(tag.sub(" ", text)), note_text).strip()


def _check(name: str, entry: dict[str, Any]) -> None:
    missing = [key for key in _TEXT_KEYS if not isinstance(entry.get(key), str) or not entry[key].strip()]
    if missing:
        raise PromptError(f"prompt {name}: missing {', '.join(missing)}")
    if entry["name"] != name:
        raise PromptError(f"prompt {name}: the file calls itself {entry['name']!r}; name and file name must agree")
    examples = entry.get("examples", [])
    if any(set(example) != {"note", "label"} for example in examples):
        raise PromptError(f"prompt {name}: every example needs exactly a note and a label")
    if {str(example["label"]) for example in examples} != set(NOTE_LABELS):
        raise PromptError(f"prompt {name}: needs at least one example for each label, 0 and 1")


def _system_text(entry: dict[str, Any]) -> str:
    opening, closing = f"<{entry['delimiter']}>", f"</{entry['delimiter']}>"
    examples = "\n".join(
        f"{opening}{example['note'].strip()}{closing} {example['label']}" for example in entry["examples"]
    )
    return (
        f"{entry['role'].strip()}\n{entry['task'].strip()}\n"
        f"1: {entry['label_1'].strip()}\n0: {entry['label_0'].strip()}\nExamples:\n{examples}"
    )


def _chat_text(system: str, delimiter: str) -> tuple[str, str]:
    prefix = f"<|im_start|>system\n{system}<|im_end|>\n<|im_start|>user\n<{delimiter}>\n"
    suffix = f"\n</{delimiter}><|im_end|>\n<|im_start|>assistant\n"
    return prefix, suffix
