"""Peers answering questions: each builds its prompt as its documentation does, all ask the same chat model.

Run in a process of its own by `eval.benchmarks.comparison`, in the peers' environment.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from eval.benchmarks.peer_systems import SYSTEMS

_PASSAGES = 3
_CONTEXT = 4_096
_LONGEST = 64  # tokens of an answer

Passages = Sequence[tuple[str, str]]
Generate = Callable[[str, Passages], str]
"""From a question and passages to an answer, with the system's own prompt."""


def _model(path: Path) -> Any:
    from assistant.chat.models import load_chat_model

    return load_chat_model(f"llamacpp:{path}", _CONTEXT).bind(max_tokens=_LONGEST)


def langchain(model: Any) -> Generate:
    """The prompt of its tutorials (`rlm/rag-prompt`), as a chain."""
    from langchain_core.output_parsers import StrOutputParser
    from langchain_core.prompts import ChatPromptTemplate

    chain = (
        ChatPromptTemplate.from_template(
            "You are an assistant for question-answering tasks. Use the following pieces of retrieved context to "
            "answer the question. If you don't know the answer, just say that you don't know. Use three sentences "
            "maximum and keep the answer concise.\nQuestion: {question}\nContext: {context}\nAnswer:"
        )
        | model
        | StrOutputParser()
    )
    return lambda question, passages: chain.invoke(
        {"question": question, "context": "\n\n".join(text for _, text in passages)}
    )


def haystack(model: Any) -> Generate:
    """The prompt of its first tutorial, by its prompt builder."""
    from haystack import Document
    from haystack.components.builders import PromptBuilder

    builder = PromptBuilder(
        "Given the following information, answer the question.\n\nContext:\n{% for document in documents %}\n"
        "    {{ document.content }}\n{% endfor %}\n\nQuestion: {{question}}\nAnswer:",
        required_variables="*",
    )

    def generate(question: str, passages: Passages) -> str:
        documents = [Document(content=text) for _, text in passages]
        return str(model.invoke(builder.run(question=question, documents=documents)["prompt"]).text)

    return generate


def txtai(model: Any) -> Generate:
    """The template of its examples for retrieval-augmented generation."""
    template = (
        "Answer the following question using only the context below. Only include information specifically "
        "discussed.\n\nquestion: {question}\ncontext: {context}"
    )
    return lambda question, passages: str(
        model.invoke(template.format(question=question, context="\n".join(text for _, text in passages))).text
    )


def llama_index(model: Any) -> Generate:
    """Its own default prompt for question answering."""
    from llama_index.core.prompts.default_prompts import DEFAULT_TEXT_QA_PROMPT

    def generate(question: str, passages: Passages) -> str:
        context = "\n\n".join(text for _, text in passages)
        return str(model.invoke(DEFAULT_TEXT_QA_PROMPT.format(context_str=context, query_str=question)).text)

    return generate


GENERATORS: dict[str, Callable[[Any], Generate]] = {
    "LangChain + Chroma": langchain,
    "Haystack": haystack,
    "txtai": txtai,
    "LlamaIndex": llama_index,
}


def answers(name: str, folder: Path, data: Path) -> list[dict[str, Any]]:
    """Add the articles, and answer each question.

    Args:
        name: One of `GENERATORS`.
        folder: Where the system stores what it has; empty.
        data: A file of `articles`, `questions`, the encoder's folder `model` and the chat model's file `chat_model`.

    Returns:
        For each question the passages found, the answer, and seconds for each.
    """
    given = json.loads(data.read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    system = SYSTEMS[name](folder, given["model"])
    system.add(given["articles"])
    generate = GENERATORS[name](_model(Path(given["chat_model"])))
    made = []
    for question in given["questions"]:
        began = time.perf_counter()
        found = system.find(question)
        searched = time.perf_counter()
        answer = generate(question, found[:_PASSAGES]).strip()
        ended = time.perf_counter()
        made.append({"passages": found, "answer": answer, "search_s": searched - began, "answer_s": ended - began})
    return made


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(answers(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))) + "\n")
