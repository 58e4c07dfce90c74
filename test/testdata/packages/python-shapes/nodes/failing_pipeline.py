from gen.axiom_context import AxiomContext
from gen.messages_pb2 import Text


def failing_pipeline(ax: AxiomContext, inputs):
    for number, input in enumerate(inputs):
        if number == 1:
            raise KeyError(ax.secrets.get("API_KEY")[0])
        yield Text(text=input.text)
