"""What the platform gives a node: ``ax``, the first parameter of every handler.

    signature, ok = ax.secrets.get("GREETER_SIGNATURE")
    ax.log.info("greeting", name=input.name)

Test doubles need no base class: anything with the attributes that a handler uses will do.
"""

from __future__ import annotations

import dataclasses
import enum
from typing import (
    TYPE_CHECKING,
    Any,
    Dict,
    List,
    Literal,
    Mapping,
    Optional,
    Protocol,
    Tuple,
    Union,
    overload,
)


class AxiomLogger(Protocol):
    """Writes log records of one invocation. Never log a secret: records are seen in debug views."""

    def debug(self, msg: str, **attrs: Any) -> None: ...
    def info(self, msg: str, **attrs: Any) -> None: ...
    def warn(self, msg: str, **attrs: Any) -> None: ...
    def error(self, msg: str, **attrs: Any) -> None: ...


class SecretStatus(enum.Enum):
    """What ``AxiomSecrets.status`` knows of a name."""

    #: ``get`` returns its value.
    AVAILABLE = "available"
    #: It was there when the execution started and was deleted or revoked since; ``get`` says not found.
    REVOKED = "revoked"
    #: It was never there; ``get`` says not found.
    UNSET = "unset"


class AxiomSecrets(Protocol):
    """The secrets of the running execution: a look-up in memory that never raises, blocks or does I/O."""

    # axiom:declared-names
    @overload
    def get(self, name: Literal["GREETER_SIGNATURE"]) -> Tuple[str, bool]: ...
    @overload
    def get(self, name: str) -> Tuple[str, bool]: ...
    # axiom:end
    def get(self, name: str) -> Tuple[str, bool]:
        """``(value, True)``, or ``("", False)`` for a name that is not there. Never an exception."""
        ...

    def status(self, name: str) -> SecretStatus:
        """Tells a revoked name from one that was never there."""
        ...


class AxiomContext(Protocol):
    """One invocation: its logger, its secrets and the ids of what it runs in."""

    # Read-only to a type checker, so that a double's attributes may be of its own classes; plain attributes
    # when running, so that a double that subclasses this can set them.
    if TYPE_CHECKING:

        @property
        def log(self) -> AxiomLogger: ...
        @property
        def secrets(self) -> AxiomSecrets: ...
        @property
        def execution_id(self) -> str: ...
        @property
        def flow_id(self) -> str: ...
        @property
        def tenant_id(self) -> str: ...

    else:
        log: AxiomLogger
        secrets: AxiomSecrets
        execution_id: str
        flow_id: str
        tenant_id: str


class AxiomNodeError(Exception):
    """A failure whose text reaches the caller; every other exception is masked by one fixed sentence.

    Put no secret into any of the three: the caller reads them.
    """

    def __init__(
        self, code: str, message: str, detail: Optional[Union[str, Mapping[str, str]]] = None
    ) -> None:
        super().__init__(f"{code}: {message}" if code else message)
        self.code = str(code or "")
        self.message = str(message or "")
        self.detail: Union[str, Dict[str, str]]
        if isinstance(detail, str):
            self.detail = detail
        else:
            self.detail = {str(key): str(value) for key, value in (detail or {}).items()}

    def axiom_node_error(self) -> Tuple[str, str, Union[str, Dict[str, str]]]:
        """Code, message and detail. The host recognises a typed error by this method, not by its class."""
        return self.code, self.message, self.detail


class AxiomMutationError(Exception):
    """A change of the running flow was refused; ``message`` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def axiom_node_error(self) -> Tuple[str, str, str]:
        """What a caller is told of it."""
        return "MUTATION_UNAVAILABLE", self.message, ""


# --- The running flow and telemetry: types for handlers that use them. -------------------------------


@dataclasses.dataclass
class ReflectionNode:
    """One node placed in the running flow."""

    instance_id: int = 0
    node_ulid: str = ""
    name: str = ""
    package_name: str = ""
    package_version: str = ""
    node_type: str = ""
    input_message_name: str = ""
    output_message_name: str = ""
    canvas_node_id: str = ""
    grid_col: int = 0
    grid_row: int = 0


@dataclasses.dataclass
class ConditionSummary:
    """What a conditional edge asks: ``field op operands``."""

    field: str = ""
    op: str = ""
    operands: List[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class ReflectionEdge:
    """One edge of the running flow; ``max_iterations`` counts for loop edges only."""

    src_instance: int = 0
    dst_instance: int = 0
    canvas_edge_id: str = ""
    has_condition: bool = False
    has_adapter: bool = False
    max_iterations: int = 0
    condition_summary: Optional[ConditionSummary] = None


@dataclasses.dataclass
class FlowPosition:
    """Where the invocation stands; ``loop_iterations`` is keyed by the loop head's instance."""

    current_instance: int = 0
    depth: int = 0
    loop_iterations: Dict[int, int] = dataclasses.field(default_factory=dict)
    subflow_stack_graph_ids: List[str] = dataclasses.field(default_factory=list)


class AxiomFlowReflection(Protocol):
    """A read-only view of the running flow."""

    @property
    def nodes(self) -> List[ReflectionNode]: ...
    @property
    def edges(self) -> List[ReflectionEdge]: ...
    @property
    def loop_edges(self) -> List[ReflectionEdge]: ...
    @property
    def position(self) -> FlowPosition: ...
    @property
    def graph_id(self) -> str: ...


class AxiomReflection(Protocol):
    """``ax.reflection.flow``."""

    @property
    def flow(self) -> AxiomFlowReflection: ...


class AxiomMutationFlow(Protocol):
    """Append-only changes of the running flow."""

    def add_node(self, package: str, version: str, *args: Any, **kwargs: Any) -> int:
        """Adds a node and returns its instance id.

        After package and version come, since 2026-08, ``node_name`` and ``canvas_position`` or ``cell``;
        before that only the latter two. Both forms are taken.
        """
        ...

    def add_edge(
        self, src_instance: int, dst_instance: int, condition: Optional[Dict[str, Any]] = None
    ) -> None: ...


class AxiomMutation(Protocol):
    """``ax.mutation.flow``."""

    @property
    def flow(self) -> AxiomMutationFlow: ...


class AxiomTelemetry(Protocol):
    """Span events and metrics of one invocation."""

    def add_event(self, name: str, **attrs: Any) -> None: ...
    def counter(self, name: str, value: float = 1.0, **attrs: Any) -> None: ...
    def histogram(self, name: str, value: float, **attrs: Any) -> None: ...


class AxiomFlowContext(AxiomContext, Protocol):
    """The context of handlers that also look at the flow, change it or record telemetry.

    It stands apart so that test doubles of AxiomContext need none of it.
    """

    if TYPE_CHECKING:

        @property
        def reflection(self) -> AxiomReflection: ...
        @property
        def mutation(self) -> AxiomMutation: ...

    else:
        reflection: AxiomReflection
        mutation: AxiomMutation

    def telemetry(self) -> AxiomTelemetry: ...


class NoFlow:
    """Reflection without a flow: no nodes, no edges, position zero."""

    def __init__(self) -> None:
        self.nodes: List[ReflectionNode] = []
        self.edges: List[ReflectionEdge] = []
        self.loop_edges: List[ReflectionEdge] = []
        self.position = FlowPosition()
        self.graph_id = ""

    @property
    def flow(self) -> AxiomFlowReflection:
        return self


class NoMutation:
    """Mutation without a flow: every change is refused with AxiomMutationError."""

    @property
    def flow(self) -> AxiomMutationFlow:
        return self

    def add_node(self, package: str, version: str, *args: Any, **kwargs: Any) -> int:
        raise AxiomMutationError("this run has no flow that a node could change; run it inside a flow")

    def add_edge(
        self, src_instance: int, dst_instance: int, condition: Optional[Dict[str, Any]] = None
    ) -> None:
        raise AxiomMutationError("this run has no flow that an edge could be added to; run it inside a flow")


class NoTelemetry:
    """Telemetry that goes nowhere."""

    def add_event(self, name: str, **attrs: Any) -> None:
        return None

    def counter(self, name: str, value: float = 1.0, **attrs: Any) -> None:
        return None

    def histogram(self, name: str, value: float, **attrs: Any) -> None:
        return None
