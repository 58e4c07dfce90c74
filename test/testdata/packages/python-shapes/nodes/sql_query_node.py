import iniconfig

from gen.axiom_context import AxiomContext
from gen.messages_pb2 import Text


def sql_query_node(ax: AxiomContext, input: Text) -> Text:
    return Text(text=f"{input.text} by {iniconfig.__name__}")
