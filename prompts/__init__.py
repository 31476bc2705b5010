"""Prompt files and the loader that checks and hashes them."""

from prompts.loader import Prompt, PromptError, load_prompt

__all__ = ["Prompt", "PromptError", "load_prompt"]
