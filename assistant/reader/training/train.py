"""Train the reader: ``python -m assistant.reader.training.train --data DIR --out DIR --minutes 75``.

The learning rate falls with elapsed time and not with steps, so that a run on a busy machine still ends decayed.
"""
# ruff: noqa: S311 - nothing here is a secret

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import torch
import torch.distributed as dist
from tokenizers import Tokenizer
from torch import nn
from torch.multiprocessing.spawn import spawn

from assistant.reader.training.corpus import Corpus
from assistant.reader.training.encode import Encoder, collate
from assistant.reader.training.mixture import Mixture, batches
from assistant.reader.training.model import new_model, packaged_encoder
from assistant.reader.training.optimising import Average, average_gradients, groups, loss_of
from assistant.reader.training.stories import STORIES
from assistant.reader.training.torch_eval import dev_figures


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    made.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    made.add_argument("--stories", type=Path, default=STORIES, help="folder of the stories written for training")
    made.add_argument("--out", type=Path, required=True, help="folder for checkpoints and log")
    made.add_argument("--minutes", type=float, default=75.0, help="wall-clock budget of the whole run")
    made.add_argument("--lr", type=float, default=2e-4, help="peak learning rate of the encoder; heads take four times")
    made.add_argument(
        "--batch-tokens", type=int, default=2400, help="tokens in a batch over all workers, padding included"
    )
    made.add_argument("--warmup-steps", type=int, default=100)
    made.add_argument("--dropout", type=float, default=0.1)
    made.add_argument("--train-words", action="store_true", help="train the word embeddings too")
    made.add_argument(
        "--layer-decay", type=float, default=1.0, help="learning rate factor from a layer to the one below"
    )
    made.add_argument("--ema", type=float, default=0.99, help="decay of the averaged weights, every fourth step")
    made.add_argument("--answerable-weight", type=float, default=0.5)
    made.add_argument("--seed", type=int, default=7)
    made.add_argument(
        "--workers", type=int, default=2, help="processes of one thread each; their gradients are averaged"
    )
    made.add_argument("--save-minutes", type=float, default=4.0)
    made.add_argument("--eval-minutes", type=float, default=20.0)
    made.add_argument(
        "--fp32",
        action="store_true",
        default=not torch.ops.mkldnn._is_mkldnn_bf16_supported(),
        help="no bfloat16 autocast; always so where the processor would only imitate it",
    )
    made.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
    made.add_argument("--init", type=Path, help="start from another run's checkpoint, or from a shipped .onnx")
    return made


class Log:
    """Writes lines to a file and to standard output; silent in all workers but the first."""

    def __init__(self, path: Path, rank: int) -> None:
        """Open the file to append to."""
        self._file = path.open("a", encoding="utf-8") if rank == 0 else None

    def __call__(self, text: str) -> None:
        """Write one line with the time of day before it."""
        if self._file:
            print(time.strftime("%H:%M:%S"), text, file=self._file, flush=True)


class Trainer:
    """One of the workers; the first also saves, judges and logs."""

    def __init__(self, args: argparse.Namespace, rank: int) -> None:
        """Read the data and build the model, anew, from another run or from a checkpoint.

        Args:
            args: The command line.
            rank: Which worker, from 0.
        """
        self.args, self.rank = args, rank
        self.log = Log(args.out / "log.txt", rank)
        self.corpus = Corpus(args.data, args.stories)
        self.encoder = Encoder(Tokenizer.from_file(str(packaged_encoder() / "tokenizer.json")))
        self.misses = self.corpus.near_misses()
        torch.manual_seed(args.seed)
        self.model = new_model(dropout=args.dropout, freeze_words=not args.train_words)
        if args.init and args.init.suffix == ".onnx":
            from assistant.reader.training.shipped import shipped_weights

            self.model.load_state_dict(shipped_weights(args.init), strict=False)
        elif args.init:
            self.model.load_state_dict(torch.load(args.init, weights_only=True)["average"], strict=False)
        self.optimizer = torch.optim.AdamW(groups(self.model, args.lr, args.layer_decay), betas=(0.9, 0.98), fused=True)
        self.trained = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        self.average = Average(self.model, args.ema)
        self.step, self.spent, self.seen = 0, 0.0, 0
        if args.resume:
            self.load()
        own = args.seed * 1000 + self.step * 10 + rank
        torch.manual_seed(own)
        self.rng = random.Random(own)
        mixture = Mixture(self.corpus, self.encoder, own)
        self.stream = batches(iter(mixture), args.batch_tokens // args.workers, self.rng)

    def load(self) -> None:
        """Go on from the checkpoint in ``--out``."""
        saved = torch.load(self.args.out / "checkpoint.pt", weights_only=True)
        self.model.load_state_dict(saved["model"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.average.load(saved["average"], saved["updates"])
        self.step, self.spent, self.seen = saved["step"], saved["spent"], saved["seen"]

    def save(self) -> None:
        """Write the checkpoint in one move, so that a killed run leaves a whole one."""
        if self.rank:
            return
        state = {
            "model": self.model.state_dict(),
            "average": self.average.state(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "spent": self.spent,
            "seen": self.seen,
            "updates": self.average.updates,
        }
        path = self.args.out / "checkpoint.pt"
        torch.save(state, path.with_suffix(".tmp"))
        os.replace(path.with_suffix(".tmp"), path)

    def judge(self, name: str, every: int = 1) -> None:
        """Log figures on every so-manieth held-out question."""
        if self.rank == 0:
            stories = self.corpus.held_out_stories
            told, untold = ([r for r in stories if r.answerable is answered] for answered in (True, False))
            for of, right, misses in (("new-wiki", self.corpus.held_out, self.misses), ("stories", told, untold)):
                found = dev_figures(self.model, self.encoder, right[::every], misses[::every])
                self.log(f"{name} {of} {json.dumps(found)}")

    def advance(self, began: float) -> float:
        """Take one step.

        Args:
            began: Clock time at which the run began, in seconds, less what earlier parts of it took.

        Returns:
            The loss, averaged over the workers.
        """
        args = self.args
        batch = collate(next(self.stream), self.rng)
        rate = min(1.0, (self.step + 1) / args.warmup_steps) * (1 - self.spent / (args.minutes * 60))
        for group in self.optimizer.param_groups:
            group["lr"] = group["peak"] * rate
        loss = loss_of(self.model, batch, args.answerable_weight, not args.fp32)
        loss.backward()  # type: ignore[no-untyped-call]
        self.spent, mean = average_gradients(self.trained, time.monotonic() - began, loss.item(), args.workers)
        nn.utils.clip_grad_norm_(self.trained, 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=False)
        self.step, self.seen = self.step + 1, self.seen + len(batch["starts"]) * args.workers
        if self.step % 4 == 0:
            self.average.update()
        return mean

    def run(self) -> None:
        """Train until the budget is spent, then judge the last and the averaged weights."""
        args = self.args
        self.log(f"{json.dumps(vars(args), default=str)} near misses {len(self.misses)}")
        began = time.monotonic() - self.spent
        saved_at = judged_at = self.spent
        losses: list[float] = []
        while self.spent < args.minutes * 60:
            losses.append(self.advance(began))
            if self.step % 50 == 0:
                mean = sum(losses) / len(losses)
                self.log(f"step {self.step} seen {self.seen} min {self.spent / 60:.1f} loss {mean:.4f}")
                losses = []
            if self.spent - saved_at > args.save_minutes * 60:
                saved_at = self.spent
                self.save()
            if self.spent - judged_at > args.eval_minutes * 60 and args.minutes * 60 - self.spent > 300:
                judged_at = self.spent
                self.judge("dev/4", every=4)
        self.save()
        self.judge("last")
        self.model.load_state_dict(self.average.state(), strict=False)
        self.judge("averaged")


def work(rank: int, args: argparse.Namespace, meeting: str) -> None:
    """Train as one of the workers.

    Args:
        rank: Which worker, from 0.
        args: The command line.
        meeting: A file that the workers meet by.
    """
    torch.set_num_threads(1)
    if args.workers > 1:
        far = timedelta(minutes=60)
        dist.init_process_group(
            "gloo", init_method=f"file://{meeting}", rank=rank, world_size=args.workers, timeout=far
        )
    Trainer(args, rank).run()


def main() -> None:
    """Start the workers and wait for them."""
    args = parser().parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        meeting = str(Path(folder) / "meeting")
        if args.workers == 1:
            work(0, args, meeting)
        else:
            spawn(work, (args, meeting), nprocs=args.workers)  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
