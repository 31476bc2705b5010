"""Train the network that tells whether quotes bear a claim out, beginning with the reader's weights.

``python -m assistant.chat.verifying.training.train --out DIR --minutes 40``, with the packages of the extra ``train``.
It is the reader's network, its answerable head trained alone on `[CLS] claim [SEP] title · date · quotes [SEP]`. The
learning rate falls with elapsed time. DIR gets a checkpoint every few minutes, a log, and at the end ``claims.onnx``,
in the format of the shipped reader.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from assistant.chat.verifying.training.claims import split_claims
from assistant.chat.verifying.training.examples import Example, Examples, written
from assistant.reader.network import LENGTH
from assistant.reader.reader import WEIGHTS
from assistant.reader.training.data import Reading
from assistant.reader.training.encode import Encoder, Features, collate
from assistant.reader.training.export import export_fp32, quantise
from assistant.reader.training.mixture import batches
from assistant.reader.training.model import new_model, packaged_encoder
from assistant.reader.training.optimising import groups
from assistant.reader.training.shipped import shipped_weights
from assistant.reader.training.stories import split_stories

_SAVE_SECONDS = 240
_LOG_STEPS = 50
_ALARMS = (0.02, 0.05, 0.1)
_JUDGED_AT_ONCE = 16


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    made.add_argument("--out", type=Path, required=True, help="folder for checkpoint, log and network")
    made.add_argument("--minutes", type=float, default=40.0, help="wall-clock budget of the whole run")
    made.add_argument(
        "--lr", type=float, default=1.5e-4, help="peak learning rate of the encoder; heads take four times"
    )
    made.add_argument("--batch-tokens", type=int, default=2400, help="tokens in a batch, padding included")
    made.add_argument("--warmup-steps", type=int, default=60)
    made.add_argument("--seed", type=int, default=3)
    made.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
    return made


class Trainer:
    """Trains in one process.

    Args:
        args: The command line.
    """

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self.encoder = Encoder(Tokenizer.from_file(str(packaged_encoder() / "tokenizer.json")))
        claims, self.held_out = split_claims()
        torch.manual_seed(args.seed)
        self.model = new_model()
        self.model.load_state_dict(shipped_weights(WEIGHTS / "reader.onnx"), strict=False)
        self.optimizer = torch.optim.AdamW(groups(self.model, args.lr, 1.0), betas=(0.9, 0.98), fused=True)
        self.trained = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        self.bf16 = torch.ops.mkldnn._is_mkldnn_bf16_supported()
        self.step, self.spent = 0, 0.0
        if args.resume:
            saved = torch.load(args.out / "checkpoint.pt", weights_only=True)
            self.model.load_state_dict(saved["model"])
            self.optimizer.load_state_dict(saved["optimizer"])
            self.step, self.spent = saved["step"], saved["spent"]
        self.rng = random.Random(args.seed * 1000 + self.step)  # noqa: S311 - not a secret
        examples = Examples(claims, split_stories()[0], self.rng)
        self.stream = batches(map(self._features, examples), args.batch_tokens, self.rng)

    def _features(self, example: Example) -> Features:
        reading = Reading(example.claim, example.quotes, (), (), "", "", "claims")
        features = self.encoder.encode(reading, LENGTH, self.rng, example.context, noise=False)
        return replace(features, answerable=example.is_true)

    def log(self, text: str) -> None:
        """Write one line with the time of day before it."""
        with (self.args.out / "log.txt").open("a", encoding="utf-8") as file:
            file.write(f"{time.strftime('%H:%M:%S')} {text}\n")

    def save(self) -> None:
        """Write the checkpoint in one move; `average` is the name that the export looks for."""
        path = self.args.out / "checkpoint.pt"
        state = {
            "model": self.model.state_dict(),
            "average": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "spent": self.spent,
        }
        torch.save(state, path.with_suffix(".tmp"))
        os.replace(path.with_suffix(".tmp"), path)

    def advance(self) -> float:
        """Take one step; returns the loss."""
        rate = min(1.0, (self.step + 1) / self.args.warmup_steps) * (1 - self.spent / (self.args.minutes * 60))
        for group in self.optimizer.param_groups:
            group["lr"] = group["peak"] * max(rate, 0.0)
        features = next(self.stream)
        right = torch.tensor([float(one.answerable) for one in features])
        loss = nn.functional.binary_cross_entropy_with_logits(self._logits(features), right)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.trained, 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.step += 1
        return loss.item()

    def _logits(self, features: list[Features]) -> Tensor:
        batch = collate(features, self.rng)
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            _, _, answerable = self.model(batch["input_ids"], batch["attention_mask"], batch["token_type_ids"])
        found: Tensor = answerable.float()
        return found

    def judge(self) -> None:
        """Log the AUROC on the claims held out, beside their own sentences, and what is caught at some false alarms."""
        self.model.eval()
        features = [self._features(written(claim)) for claim in self.held_out]
        with torch.no_grad():
            parts = [
                self._logits(features[at : at + _JUDGED_AT_ONCE]) for at in range(0, len(features), _JUDGED_AT_ONCE)
            ]
        self.model.train()
        scores = torch.cat(parts).numpy()
        right = np.array([claim.is_true for claim in self.held_out])
        true, false = scores[right], scores[~right]
        auroc = float((true[:, None] > false[None]).mean())
        caught = {alarms: round(float((false < np.quantile(true, alarms)).mean()), 3) for alarms in _ALARMS}
        self.log(f"step {self.step} held out: AUROC {auroc:.3f}, false claims caught by share of false alarms {caught}")

    def run(self) -> None:
        """Train until the budget is spent."""
        began = time.monotonic() - self.spent
        saved_at = self.spent
        losses: list[float] = []
        while self.spent < self.args.minutes * 60:
            losses.append(self.advance())
            self.spent = time.monotonic() - began
            if self.step % _LOG_STEPS == 0:
                self.log(f"step {self.step} min {self.spent / 60:.1f} loss {sum(losses) / len(losses):.4f}")
                losses.clear()
            if self.spent - saved_at > _SAVE_SECONDS:
                saved_at = self.spent
                self.save()
        self.save()
        self.judge()


def main() -> None:
    """Train and export."""
    args = parser().parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    Trainer(args).run()
    exact = args.out / "claims-fp32.onnx"
    export_fp32(args.out / "checkpoint.pt", "average", exact)
    quantise(exact, args.out / "claims.onnx")


if __name__ == "__main__":
    main()
