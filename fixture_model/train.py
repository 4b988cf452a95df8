"""Trains the fixture model: a tiny Qwen2 that labels synthetic notes behind the real prompt, so that demo and tests run
the production path without a GPU. It is no classifier of real notes; MODEL_CARD.md says what it can and cannot do.

One command, seeded, about ten CPU minutes, in the model's own environment:

    .venv-llm/bin/python fixture_model/train.py

Writes weights/ (tokenizer, configuration, half-precision tensors), metrics.json and the figures of MODEL_CARD.md.
What made so small a model learn: the note comes last after the prompt, one note a row, the prompt's keys and values are
computed once a step, and notes grow from the core sentence to their whole length while it trains.
"""

import argparse
import json
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AttentionInterface, GenerationConfig, PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from nlp_assets.steps.prompt import LABELS, clean_note, load_prompt  # noqa: E402
from synthetic_extracts.notes.compose import evaluation_texts  # noqa: E402
from synthetic_extracts.notes.wordings import core_wordings  # noqa: E402

PROMPT = "treatment_engagement_v1"
SEED = 20260319
VOCABULARY = 2048
END, START_OF_TURN, END_OF_TURN = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
# Qwen2's own split: single digits, so that "0" and "1" are tokens of their own.
SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|"
    r"\s*[\r\n]+|\s+(?!\S)|\s+"
)
BATCH = 96
PEAK_RATE = 3e-3
WARM_UP = 40
NOTES_AT_A_TIME = 9600
# (until this share of the steps, whole prompt before the note, share of the surrounding sentences, share labelled 1)
CURRICULUM = ((0.15, False, 0.0, 0.5), (0.50, False, 1.0, 0.45), (0.80, True, 1.0, 0.4), (1.0, True, 1.0, 0.25))
FIGURES_FROM, FIGURES_TO = "<!-- figures: written by train.py -->", "<!-- end of figures -->"
EVALUATION_SEEDS = {"known_wordings": 7_000_001, "held_out_wordings": 7_000_002}


def train_tokenizer(texts: list[str]) -> PreTrainedTokenizerFast:
    """Byte-level BPE over synthetic notes and the prompt, with the chat format's control tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(SPLIT), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=[END, START_OF_TURN, END_OF_TURN],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token=END_OF_TURN, pad_token=END, additional_special_tokens=[START_OF_TURN],
        model_max_length=2048, clean_up_tokenization_spaces=False,
    )


def new_model(tokenizer: PreTrainedTokenizerFast) -> Qwen2ForCausalLM:
    """Qwen2 architecture, about one million parameters. Heads of 32: the smallest that vLLM's CPU attention takes."""
    end_of_turn = tokenizer.convert_tokens_to_ids(END_OF_TURN)
    return Qwen2ForCausalLM(Qwen2Config(
        vocab_size=VOCABULARY, hidden_size=128, intermediate_size=352, num_hidden_layers=4, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=2048, tie_word_embeddings=True, initializer_range=0.05,
        bos_token_id=None, eos_token_id=end_of_turn, pad_token_id=tokenizer.convert_tokens_to_ids(END),
        attn_implementation=ATTENTION_NAME,
    ))


class SharedPrefixAttention:
    """Attention of many notes to one prefix: its keys and values are kept once, not copied for every note.

    `keeps` True while the prefix is read; afterwards every note attends to the prefix and causally to itself.
    """

    def __init__(self) -> None:
        self.keeps = False
        self._prefix: dict[int, tuple[torch.Tensor, torch.Tensor]] = {}

    def __call__(self, module, query, key, value, attention_mask, scaling, **_):
        if self.keeps:
            self._prefix[module.layer_idx] = key[0], value[0]
            out = torch.nn.functional.scaled_dot_product_attention(
                query, key, value, is_causal=True, scale=scaling, enable_gqa=True
            )
            return out.transpose(1, 2), None
        notes, heads, length, size = query.shape
        shared = key.shape[1]
        query = query.reshape(notes, shared, -1, length, size).transpose(0, 1).reshape(shared, -1, size) * scaling
        key, value = key.transpose(0, 1), value.transpose(0, 1)
        prefix_key, prefix_value = self._prefix[module.layer_idx]
        to_prefix = query @ prefix_key.transpose(1, 2)
        own = query.view(shared, notes, -1, size) @ key.transpose(2, 3)
        ahead = torch.full((length, length), -torch.inf).triu(1)
        own = own.view(shared, notes, -1, length, length) + ahead
        weights = torch.cat([to_prefix, own.view(shared, -1, length)], dim=-1).softmax(-1)
        to_prefix, own = weights.split([prefix_key.shape[1], length], dim=-1)
        out = to_prefix @ prefix_value + (own.reshape(shared, notes, -1, length) @ value).view(shared, -1, size)
        out = out.view(shared, notes, -1, length, size).permute(1, 3, 0, 2, 4)
        return out.reshape(notes, length, heads, size), None


ATTENTION, ATTENTION_NAME = SharedPrefixAttention(), "shared_prefix"
AttentionInterface.register(ATTENTION_NAME, ATTENTION)


class Labeller:
    """Scores notes behind the prompt, whose keys and values are computed once per call."""

    def __init__(self, model: Qwen2ForCausalLM, tokenizer: PreTrainedTokenizerFast):
        self.model, self.tokenizer = model, tokenizer
        self.prompt = load_prompt(PROMPT)
        self.prefix = self.encode([self.prompt.prefix])[0]
        start = len(self.prefix) - 1 - self.prefix[::-1].index(tokenizer.convert_tokens_to_ids(START_OF_TURN))
        self.last_turn = self.prefix[start:]
        self.label_ids = [tokenizer.convert_tokens_to_ids(label) for label in LABELS]
        sample = "Attended OV. DNA CGL."
        whole = self.encode([self.prompt.prefix + sample + self.prompt.suffix])[0]
        assert whole == self.prefix + self.encode_notes([sample])[0], "prompt and note do not tokenize apart"
        assert all(identifier is not None for identifier in self.label_ids), "0 and 1 must be single tokens"

    def encode(self, texts: list[str]) -> list[list[int]]:
        """Token ids, nothing added."""
        return self.tokenizer(texts, add_special_tokens=False)["input_ids"]

    def encode_notes(self, notes) -> list[list[int]]:
        """Token ids of cleaned notes with the text that follows them."""
        return self.encode([clean_note(note, self.prompt.delimiter) + self.prompt.suffix for note in notes])

    def logits(self, notes: list[list[int]], whole_prompt: bool = True) -> torch.Tensor:
        """Logits over the vocabulary of the token after each note, [notes, vocabulary].

        Without the whole prompt only its last turn, the opening of the note, stands before the note.
        """
        prefix = torch.tensor([self.prefix if whole_prompt else self.last_turn])
        ATTENTION.keeps = True
        self.model.model(prefix, use_cache=False)
        ATTENTION.keeps = False
        lengths = torch.tensor([len(note) for note in notes])
        width = int(lengths.max())
        padded = torch.tensor([note + [0] * (width - len(note)) for note in notes])
        positions = torch.arange(prefix.shape[1], prefix.shape[1] + width)[None]
        hidden = self.model.model(padded, position_ids=positions, use_cache=False).last_hidden_state
        return self.model.lm_head(hidden[torch.arange(len(notes)), lengths - 1])


def draw_notes(labeller: Labeller, seed: int, n: int, context: float, engaged_share: float):
    """Tokens and labels of notes in batches of similar length, batches in random order."""
    text, core = evaluation_texts(seed, n, held_out=False, engaged_share=engaged_share, context=context)
    label = np.array([wording.label for wording in core_wordings()])[core]
    tokens = labeller.encode_notes(text.tolist())
    order = np.argsort([len(note) for note in tokens], kind="stable")
    batches = order.reshape(-1, BATCH)
    for rows in np.random.default_rng(seed).permutation(batches):
        yield [tokens[row] for row in rows], torch.tensor(np.array(labeller.label_ids)[label[rows]])


def train(labeller: Labeller, steps: int) -> None:
    """Train on freshly written notes of known wordings; no note is seen twice."""
    matrices = [p for p in labeller.model.parameters() if p.dim() > 1]
    others = [p for p in labeller.model.parameters() if p.dim() == 1]
    optimiser = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.05}, {"params": others, "weight_decay": 0.0}],
        lr=PEAK_RATE, betas=(0.9, 0.98),
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps))
    batches, stage, drawn, losses, right, begun = iter(()), -1, 0, [], [], time.perf_counter()
    for step in range(steps):
        now = next(number for number, (until, *_) in enumerate(CURRICULUM) if step < until * steps)
        batch = next(batches, None) if now == stage else None
        if batch is None:
            stage, drawn = now, drawn + 1
            batches = draw_notes(labeller, SEED + drawn, NOTES_AT_A_TIME, *CURRICULUM[now][2:])
            batch = next(batches)
        notes, target = batch
        logits = labeller.logits(notes, CURRICULUM[stage][1])
        loss = torch.nn.functional.cross_entropy(logits, target)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(labeller.model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        right.append((logits.argmax(-1) == target).float().mean().item())
        if step % 50 == 49:
            print(f"step {step + 1}/{steps} stage {stage} loss {np.mean(losses[-50:]):.3f} "
                  f"right {np.mean(right[-50:]):.3f} {time.perf_counter() - begun:.0f}s", flush=True)


def _rate(step: int, steps: int) -> float:
    if step < WARM_UP:
        return (step + 1) / WARM_UP
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - WARM_UP) / max(steps - WARM_UP, 1)))


@torch.no_grad()
def evaluate(labeller: Labeller, seed: int, n: int, held_out: bool) -> dict:
    """Accuracy, sensitivity, specificity and off-choice mass on `n` notes; errors by meaning."""
    text, core = evaluation_texts(seed, n, held_out)
    truth = np.array([wording.label for wording in core_wordings()])[core]
    tokens = labeller.encode_notes(text.tolist())
    order = np.argsort([len(note) for note in tokens], kind="stable")
    probability, off_choice = np.empty(n), np.empty(n)
    for rows in np.array_split(order, max(n // 200, 1)):
        shares = labeller.logits([tokens[row] for row in rows]).softmax(-1)[:, labeller.label_ids]
        probability[rows] = (shares[:, 1] / shares.sum(-1)).numpy()
        off_choice[rows] = (1 - shares.sum(-1)).numpy()
    label = probability >= 0.5
    right = label == truth
    meanings = np.array([wording.meaning for wording in core_wordings()])[core]
    return {
        "notes": n,
        "accuracy": round(float(right.mean()), 4),
        "sensitivity": round(float(label[truth == 1].mean()), 4),
        "specificity": round(float((~label)[truth == 0].mean()), 4),
        "largest_off_choice": round(float(off_choice.max()), 6),
        "accuracy_by_meaning": {
            str(meaning): round(float(right[meanings == meaning].mean()), 4) for meaning in np.unique(meanings)
        },
    }


def save(labeller: Labeller, folder: Path) -> None:
    """Write the model folder. Tensors are stored in half precision and widened to float32 when they are loaded."""
    folder.mkdir(parents=True, exist_ok=True)
    labeller.model.config.architectures = ["Qwen2ForCausalLM"]
    labeller.model.config.dtype = "float32"
    labeller.model.config.save_pretrained(folder)
    end_of_turn = labeller.tokenizer.eos_token_id
    GenerationConfig(eos_token_id=end_of_turn, pad_token_id=labeller.tokenizer.pad_token_id).save_pretrained(folder)
    labeller.tokenizer.save_pretrained(folder)
    tensors = {
        name: tensor.half().contiguous()
        for name, tensor in labeller.model.state_dict().items() if name != "lm_head.weight"
    }
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def write_figures(metrics: dict, card: Path) -> None:
    """Put the measured figures between the two marks of the model card."""
    rows = ["| notes | n | accuracy | sensitivity | specificity |", "|---|---|---|---|---|"]
    for name in EVALUATION_SEEDS:
        of = metrics[name]
        shares = " | ".join(f"{of[figure]:.3f}" for figure in ("accuracy", "sensitivity", "specificity"))
        rows.append(f"| {name.replace('_', ' ')} | {of['notes']} | {shares} |")
    made = f"{metrics['parameters']:,} parameters, {metrics['steps']} steps, {metrics['cpu_seconds']} CPU seconds."
    before, _, rest = card.read_text(encoding="utf-8").partition(FIGURES_FROM)
    after = rest.partition(FIGURES_TO)[2]
    figures = "\n".join([*rows, "", made])
    card.write_text(f"{before}{FIGURES_FROM}\n{figures}\n{FIGURES_TO}{after}", encoding="utf-8")


def main() -> None:
    """Train, store, load what was stored, and measure that."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--steps", type=int, default=700)
    arguments.add_argument("--evaluation-notes", type=int, default=6000)
    arguments.add_argument("--out", type=Path, default=HERE / "weights")
    arguments.add_argument("--threads", type=int, default=1, help="more gain little and change last digits")
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(SEED)
    begun = time.process_time()
    corpus, _ = evaluation_texts(SEED, 20_000, held_out=False)
    prompt = load_prompt(PROMPT)
    tokenizer = train_tokenizer([prompt.prefix + prompt.suffix] * 20 + corpus.tolist())
    labeller = Labeller(new_model(tokenizer), tokenizer)
    print(f"{labeller.model.num_parameters()} parameters, prompt {len(labeller.prefix)} tokens", flush=True)
    train(labeller, options.steps)
    save(labeller, options.out)
    stored_model = Qwen2ForCausalLM.from_pretrained(
        options.out, dtype=torch.float32, attn_implementation=ATTENTION_NAME
    )
    stored = Labeller(stored_model.eval(), tokenizer)
    metrics = {
        "prompt": prompt.name, "prompt_hash": prompt.hash, "seed": SEED, "steps": options.steps,
        "parameters": stored.model.num_parameters(), "cpu_seconds": round(time.process_time() - begun),
    }
    for name, seed in EVALUATION_SEEDS.items():
        metrics[name] = evaluate(stored, seed, options.evaluation_notes, held_out=name == "held_out_wordings")
    target = options.out.parent / "metrics.json"
    target.write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(metrics, indent=2))
    if options.out == HERE / "weights":
        write_figures(metrics, HERE / "MODEL_CARD.md")


if __name__ == "__main__":
    main()
