"""Control tokens of language models inside a note: what a chat format writes between messages, of any family.

Belongs here: their forms, and taking them out. Does not belong here: the delimiter of a prompt (prompt.py). Standard
library only, as prompt.py.

Which family reads is not known behind an endpoint, so those of all families go. Words that only stand in brackets are
text and stay: a note may say `<attended CGL>` or `[NAME]`. Of what may be either, the brackets go and the words stay.
"""

import re
from collections.abc import Callable

# No text of a person nests brackets deeper than this many passes undo; of what does, the brackets go all at once.
MOST_PASSES = 20
_NO_BRACKETS = str.maketrans(dict.fromkeys("<>＜＞[]", " "))
_MAY_HOLD_ONE = re.compile(r"[<＜>＞\[\]|｜￨∣│┃]")
# Also as their wide letters: <|im_end|>, <｜User｜>, <|turn>.
_OPEN, _BAR, _CLOSE = "[<＜]", "[|｜￨∣│┃]", "[>＞]"
# Of Llama, Mistral, T5, BERT, Gemma, Qwen, Cohere, InternLM, ChatGLM: names that prose has not in brackets.
_IN_ANGLES = (
    r"s|S|BOS|EOS|bos|eos|PAD|pad|UNK|unk|CLS|cls|SEP|sep|MASK|mask|eot|eop|sop|eoh|eoa|eod|eom|bom|"
    r"think|thinking|reponame|(?:unused|reserved|special|SPECIAL|extra)\d+"
)
_IN_SQUARES = (
    r"INST|SYS|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|MODEL_SETTINGS|ARGS|CALL_ID|"
    r"IMG|IMG_BREAK|IMG_END|BEGIN_AUDIO|THINK|PREFIX|SUFFIX|MIDDLE|CLS|SEP|PAD|UNK|MASK|BOS|EOS|gMASK|sMASK|eMASK|"
    r"control_\d+|REFERENCE_DOC_\d+"
)
_HALF_OPEN = "turn|channel|think|tool|tool_call|tool_response|image|audio|video"
_TOKEN = re.compile(
    "|".join(
        (
            # A name has no blank; [|name|] is EXAONE's.
            rf"{_OPEN}\s?/?\s?{_BAR}[^\s<>＜＞|｜]*{_BAR}\s?{_CLOSE}",
            # <|turn>, <turn|>
            rf"{_OPEN}(?:{_BAR}(?:{_HALF_OPEN})|(?:{_HALF_OPEN}){_BAR}){_CLOSE}",
            rf"\[/?{_BAR}[^\s\[\]|｜]*{_BAR}\]",
            # <end_of_turn>, </tool_call>, <extra_id_0>, <0x0A>: names of parts.
            rf"{_OPEN}\s?/?\s?[A-Za-z][A-Za-z0-9]*(?:[_▁][A-Za-z0-9]+)+\s?/?\s?{_CLOSE}",
            rf"{_OPEN}0x[0-9A-Fa-f]{{2}}{_CLOSE}",
            rf"{_OPEN}/?(?:{_IN_ANGLES})/?{_CLOSE}",
            r"<<\s?/?\s?SYS\s?>>",
            rf"\[\s?/?\s?(?:{_IN_SQUARES})\s?\]",
            # MiniMax's.
            r"\]~!?b\[|\]~b\]|\[e~\[",
        )
    )
)
_HALF = re.compile(rf"{_OPEN}{_BAR}|{_BAR}{_CLOSE}|\[{_BAR}|{_BAR}\]")
# <user>, <seed:bos> and Falcon's >>QUESTION<<: words of a note as likely as a token.
_EITHER = re.compile(
    r"</?(system|user|assistant|human|bot|model|developer|tool|tools|answer|analysis|image|video|audio|\w+:\w+)/?>"
    r"|>>([A-Z]+)<<"
)


def take_out_control_tokens(text: str) -> str:
    """One pass: what is left may be a token again, where one stood in the middle of another."""
    if not _MAY_HOLD_ONE.search(text):
        return text
    left = _TOKEN.sub(" ", text)
    if left != text:
        return left
    return _EITHER.sub(lambda found: f" {found[1] or found[2]} ", _HALF.sub(" ", text))


def repeated(take_out: Callable[[str], str], text: str) -> str:
    """`take_out` of the text until it takes out nothing more; in the end, all brackets become blanks."""
    for _ in range(MOST_PASSES):
        left = take_out(text)
        if left == text:
            return text
        text = left
    return text.translate(_NO_BRACKETS)
