"""Prompt files and the loader that checks and hashes them."""

from prompts.loader import Prompt, load_prompt

__all__ = ["Prompt", "load_prompt"]
