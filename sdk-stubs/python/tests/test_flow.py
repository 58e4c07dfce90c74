"""The flow that a run outside a flow shows: empty, and refusing changes in both forms of add_node."""

from typing import Any, Optional, Tuple

import pytest

from gen.axiom_context import (
    AxiomFlowContext,
    AxiomMutationError,
    AxiomMutationFlow,
    ConditionSummary,
    FlowPosition,
    ReflectionEdge,
    ReflectionNode,
)
from gen.axiom_host.context import InvocationContext
from gen.axiom_host.node_pb2 import ExecutionContext
from nodes.mock_context import _TestContext


class OlderDouble:
    """As written up to 2026-07."""

    def add_node(
        self, package: str, version: str, canvas_position: Optional[Tuple[float, float]] = None
    ) -> int:
        return 1

    def add_edge(self, src_instance: int, dst_instance: int, condition: Any = None) -> None: ...


class NewerDouble:
    """As written since 2026-08."""

    def add_node(
        self,
        package: str,
        version: str,
        node_name: str,
        canvas_position: Optional[Tuple[float, float]] = None,
        cell: Optional[Tuple[int, int]] = None,
    ) -> int:
        return 1

    def add_edge(self, src_instance: int, dst_instance: int, condition: Any = None) -> None: ...


def test_both_forms_of_doubles_are_the_protocol() -> None:
    doubles: Tuple[AxiomMutationFlow, ...] = (OlderDouble(), NewerDouble())
    assert doubles[0].add_node("a/b", "1.0.0") + doubles[1].add_node("a/b", "1.0.0", "Node") == 2


@pytest.mark.parametrize("of_host", [True, False])
def test_no_flow(of_host: bool) -> None:
    ax: AxiomFlowContext = _TestContext()
    if of_host:
        ax = InvocationContext(ExecutionContext(), lambda _: None, lambda _: None)
    flow = ax.reflection.flow
    assert (flow.nodes, flow.edges, flow.loop_edges, flow.position, flow.graph_id) == (
        [],
        [],
        [],
        FlowPosition(),
        "",
    )
    for arguments in ((), ((1.0, 2.0),), ("Node",), ("Node", (1.0, 2.0), (1, 2))):
        with pytest.raises(AxiomMutationError, match="no flow"):
            ax.mutation.flow.add_node("a/b", "1.0.0", *arguments)
    with pytest.raises(AxiomMutationError, match="no flow"):
        ax.mutation.flow.add_edge(src_instance=0, dst_instance=1, condition={"op": "EQ"})
    ax.telemetry().add_event("e", a=1)
    ax.telemetry().counter("c")
    ax.telemetry().histogram("h", 2.0, b=True)
    assert getattr(ax, "progress", None) is None


def test_the_flow_types_are_built_empty_or_by_name() -> None:
    assert ReflectionNode().name == ""
    assert ReflectionNode(instance_id=3, name="Greet").instance_id == 3
    edge = ReflectionEdge(condition_summary=ConditionSummary("tools", "EQ", ["x"]))
    assert edge.condition_summary is not None
    assert edge.condition_summary.operands == ["x"]
    assert FlowPosition(0, 0, {}, []) == FlowPosition()
