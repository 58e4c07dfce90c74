use crate::axiom_context::{AxiomContext, CanvasPosition, EdgeCondition};
use crate::gen::geo::Place;
use crate::gen::messages::KnnReply;

/// An async handler is awaited.
pub async fn grow_flow(
    ax: &dyn AxiomContext,
    input: Place,
) -> Result<KnnReply, Box<dyn std::error::Error + Send + Sync>> {
    tokio::task::yield_now().await;
    let flow = ax.reflection().flow();
    if flow.nodes().is_empty() && input.lat == 0.0 {
        return Ok(KnnReply { summary: "no flow".to_string() });
    }
    let position = CanvasPosition { grid_col: 1, ..Default::default() };
    let added = ax.mutation().flow().add_node("acme/graph-rust", "1.0.0", "KNNGraph", Some(position));
    ax.mutation().flow().add_edge(flow.position().current_instance, added, Some(EdgeCondition::default()));
    Ok(KnnReply { summary: "grown".to_string() })
}
