#[cfg(test)]
mod tests {
    use crate::axiom_context::*;
    use crate::axiom_noop::NoopAgent;
    use crate::echo::echo;
    use crate::gen::messages::Message;
    use std::collections::HashMap;

    struct TestLogger;
    impl AxiomLogger for TestLogger {
        fn debug(&self, _m: &str, _a: &HashMap<&str, String>) {}
        fn info(&self, _m: &str, _a: &HashMap<&str, String>) {}
        fn warn(&self, _m: &str, _a: &HashMap<&str, String>) {}
        fn error(&self, _m: &str, _a: &HashMap<&str, String>) {}
    }
    struct TestSecrets;
    impl AxiomSecrets for TestSecrets {
        fn get(&self, _n: &str) -> (String, bool) { (String::new(), false) }
    }

    // Of while the agent memory existed, and of before reflection did.
    struct TestContext { log: TestLogger, secrets: TestSecrets, agent: NoopAgent }
    impl AxiomContext for TestContext {
        fn log(&self) -> &dyn AxiomLogger { &self.log }
        fn secrets(&self) -> &dyn AxiomSecrets { &self.secrets }
        fn agent(&self) -> &dyn Agent { &self.agent }
        fn execution_id(&self) -> &str { "test-execution-id" }
        fn flow_id(&self) -> &str { "test-flow-id" }
        fn tenant_id(&self) -> &str { "test-tenant-id" }
    }

    #[test]
    fn echoes() {
        let ax = TestContext { log: TestLogger, secrets: TestSecrets, agent: NoopAgent };
        let output = echo(&ax, Message { text: "hi".to_string(), ..Default::default() }).unwrap();
        assert_eq!(output.text, "hi test-tenant-id");
    }
}
