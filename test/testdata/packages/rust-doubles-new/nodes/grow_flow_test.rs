#[cfg(test)]
mod tests {
    use crate::axiom_context::*;
    use crate::gen::geo::Place;
    use crate::grow_flow::grow_flow;
    use std::collections::HashMap;
    use std::sync::Mutex;

    /// A hand-written double with the newer add_node.
    #[derive(Default)]
    struct Recorder {
        added: Mutex<Vec<String>>,
        position: FlowPosition,
        nodes: Vec<ReflectionNode>,
    }

    impl AxiomLogger for Recorder {
        fn debug(&self, _: &str, _: &HashMap<&str, String>) {}
        fn info(&self, _: &str, _: &HashMap<&str, String>) {}
        fn warn(&self, _: &str, _: &HashMap<&str, String>) {}
        fn error(&self, _: &str, _: &HashMap<&str, String>) {}
    }
    impl AxiomSecrets for Recorder {
        fn get(&self, _: &str) -> (String, bool) {
            (String::new(), false)
        }
    }
    impl Reflection for Recorder {
        fn flow(&self) -> &dyn FlowReflection {
            self
        }
    }
    impl FlowReflection for Recorder {
        fn nodes(&self) -> &[ReflectionNode] {
            &self.nodes
        }
        fn edges(&self) -> &[ReflectionEdge] {
            &[]
        }
        fn loop_edges(&self) -> &[ReflectionEdge] {
            &[]
        }
        fn position(&self) -> &FlowPosition {
            &self.position
        }
        fn graph_id(&self) -> &str {
            "g"
        }
    }
    impl Mutation for Recorder {
        fn flow(&self) -> &dyn FlowMutation {
            self
        }
    }
    impl FlowMutation for Recorder {
        fn add_node(&self, _p: &str, _v: &str, node: &str, _c: Option<CanvasPosition>) -> u32 {
            self.added.lock().unwrap().push(node.to_string());
            7
        }
        fn add_edge(&self, _s: u32, _d: u32, _c: Option<EdgeCondition>) {}
    }
    impl AxiomContext for Recorder {
        fn log(&self) -> &dyn AxiomLogger {
            self
        }
        fn secrets(&self) -> &dyn AxiomSecrets {
            self
        }
        fn execution_id(&self) -> &str {
            "e"
        }
        fn flow_id(&self) -> &str {
            "f"
        }
        fn tenant_id(&self) -> &str {
            "t"
        }
        fn reflection(&self) -> &dyn Reflection {
            self
        }
        fn mutation(&self) -> &dyn Mutation {
            self
        }
    }

    #[tokio::test]
    async fn it_appends_where_a_flow_runs() {
        let node = ReflectionNode { name: "GrowFlow".to_string(), ..Default::default() };
        let ax = Recorder { nodes: vec![node], ..Default::default() };
        grow_flow(&ax, Place::default()).await.unwrap();
        assert_eq!(*ax.added.lock().unwrap(), ["KNNGraph"]);
    }
}
