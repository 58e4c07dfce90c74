from dataclasses import dataclass
from gen.axiom_context import AxiomContext, AxiomNodeError
from gen.messages_pb2 import Query, Rows
from .store import Store, Credentials


class Names:
    DSN = "PG_DSN"


def sql_query_node(ax: AxiomContext, input: Query) -> Rows:
    secrets = ax.secrets
    dsn, ok = secrets.get(Names.DSN)
    if not ok:
        raise AxiomNodeError("SECRET_UNSET", "PG_DSN is not set", {})
    store = Store(ax, "PG_PASSWORD")
    with store.open(dsn) as conn:
        return Rows(count=conn.count())
