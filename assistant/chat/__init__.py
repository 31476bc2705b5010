"""Answering with a chat model: asked with numbered passages, believed only where a quote bears it out."""
