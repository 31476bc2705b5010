"""Articles made from a few words, as many as a benchmark or a test needs, each with words of its own."""

import random

from index.article import Article

_PLACES = ("Tollen", "Low Mill", "Corvanne", "Ondreval", "Casselt", "Port Kesrin")
_THINGS = ("bridge", "harbour", "school", "ferry", "dam", "market", "library", "clinic")
_DEEDS = ("opened", "closed", "flooded", "was sold", "was repaired", "was inspected")


def made_articles(count: int, seed: int = 0, version: int = 0, sentences: int = 4) -> list[Article]:
    """Make articles; equal arguments make equal articles.

    Args:
        count: How many.
        seed: Of the random choices; articles of other seeds have other addresses.
        version: Articles of another version have the same addresses and other texts.
        sentences: How many each has.
    """
    chance = random.Random(f"{seed} {version}")  # noqa: S311 - news, not secrets
    return [
        Article(
            title=f"The {chance.choice(_THINGS)} of {chance.choice(_PLACES)}, report {seed}x{number}",
            text=" ".join(
                f"The {chance.choice(_THINGS)} in {chance.choice(_PLACES)} {chance.choice(_DEEDS)} on day"
                f" {chance.randrange(10_000)}, said witness w{seed}x{number}x{version}."
                for _ in range(sentences)
            ),
            source="Many News",
            url=f"https://many.example/{seed}/{number}",
            published=f"2025-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
        )
        for number in range(count)
    ]
