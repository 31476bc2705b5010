"""Parameter groups, loss, averaged weights, and gradients averaged over workers."""

from __future__ import annotations

import torch
import torch.distributed as dist
from torch import Tensor, nn

from assistant.reader.training.model import ReaderModel


def groups(model: ReaderModel, lr: float, decay: float) -> list[dict[str, object]]:
    """Parameter groups: weight decay on matrices only, lower layers slower by `decay`, heads four times as fast."""
    layers = model.encoder.config.num_hidden_layers
    made: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith("encoder.embeddings"):
            rate = lr * decay**layers
        elif name.startswith("encoder.encoder.layer."):
            rate = lr * decay ** (layers - 1 - int(name.split(".")[3]))
        else:
            rate = lr * 4
        made.setdefault((rate, 0.01 if parameter.ndim > 1 else 0.0), []).append(parameter)
    return [{"params": found, "lr": rate, "peak": rate, "weight_decay": wd} for (rate, wd), found in made.items()]


def loss_of(model: ReaderModel, batch: dict[str, Tensor], weight: float, bf16: bool) -> Tensor:
    """Cross-entropy of start and end, [CLS] standing for none, plus weighted binary cross-entropy of answerable."""
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        start, end, answerable = model(batch["input_ids"], batch["attention_mask"], batch["token_type_ids"])
    span = nn.functional.cross_entropy(start.float(), batch["starts"])
    span = span + nn.functional.cross_entropy(end.float(), batch["ends"])
    verdict = nn.functional.binary_cross_entropy_with_logits(answerable.float(), batch["answerable"])
    return span / 2 + weight * verdict


class Average:
    """Exponential moving average of a model's weights."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        """Start from the weights as they are."""
        self.decay = decay
        trained = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
        self.names = [name for name, _ in trained]
        self.source = [parameter.detach() for _, parameter in trained]
        self.weights = [parameter.clone() for parameter in self.source]
        self.updates = 0

    def update(self) -> None:
        """Move towards the model's weights; faster at first, so that the start is forgotten."""
        self.updates += 1
        decay = min(self.decay, self.updates / (self.updates + 9))
        torch._foreach_lerp_(self.weights, self.source, 1 - decay)

    def load(self, weights: dict[str, Tensor], updates: int) -> None:
        """Take over averaged weights by name, and how many updates went into them."""
        torch._foreach_copy_(self.weights, [weights[name] for name in self.names])
        self.updates = updates

    def state(self) -> dict[str, Tensor]:
        """The averaged weights by name, without those that are frozen."""
        return dict(zip(self.names, self.weights, strict=True))


def average_gradients(parameters: list[nn.Parameter], spent: float, loss: float, workers: int) -> tuple[float, float]:
    """Replace the gradients by their means over the workers.

    Args:
        parameters: Those that are trained, in the same order in every worker.
        spent: Seconds this worker has spent; all must agree on it, since the learning rate follows it.
        loss: Loss of this worker's batch.
        workers: How many there are.

    Returns:
        Means of `spent` and of `loss`.
    """
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    flat = torch.cat([*(gradient.view(-1) for gradient in gradients), torch.tensor([spent, loss])])
    if workers > 1:
        dist.all_reduce(flat)
        flat /= workers
    parts = torch.split(flat[:-2], [gradient.numel() for gradient in gradients])
    torch._foreach_copy_(gradients, [part.view_as(gradient) for part, gradient in zip(parts, gradients, strict=True)])
    return float(flat[-2]), float(flat[-1])
