import sys
import threading

from gen.axiom_context import AxiomContext, AxiomNodeError
from gen.messages_pb2 import Text


class OwnError(Exception):
    """Typed by its method, not by its class."""

    def axiom_node_error(self):
        return "OWN", "my own words", "a text"


def fail(ax: AxiomContext, input: Text) -> Text:
    key, _ = ax.secrets.get("API_KEY")
    if input.text == "typed":
        raise AxiomNodeError("23505", "that row is there already", {"constraint": "rows_pkey"})
    if input.text == "own":
        raise OwnError()
    if input.text == "exit":
        sys.exit(f"with {key}")
    if input.text == "wrong":
        return {"text": key}  # type: ignore[return-value]
    if input.text == "thread":
        thread = threading.Thread(target=lambda: int(key))
        thread.start()
        thread.join()
        return Text(text="went on")
    try:
        int(key)
    except ValueError as error:
        raise RuntimeError(f"https://example.com/?key={key}") from error
    return Text()
