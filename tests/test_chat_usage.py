"""What is used is counted where a chat model tells of them."""

from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from assistant.answer import Usage
from assistant.chat.usage import UsageCounter


def test_they_add_up_and_a_model_that_tells_nothing_counts_nothing() -> None:
    usage = {"input_tokens": 70, "output_tokens": 5, "total_tokens": 75}
    said = [AIMessage("26", usage_metadata=usage), AIMessage("27", usage_metadata=usage), AIMessage("28")]
    model, counter = GenericFakeChatModel(messages=iter(said)), UsageCounter()
    for _ in said:
        model.invoke("How many?", config={"callbacks": [counter]})
    assert counter.total() == Usage(3, 140, 10)
