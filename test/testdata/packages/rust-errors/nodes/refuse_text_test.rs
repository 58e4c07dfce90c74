#[cfg(test)]
mod tests {
    use crate::axiom_context::*;
    use crate::gen::messages::Text;
    use crate::refuse_text::refuse_text;
    use std::collections::HashMap;

    struct Quiet;
    impl AxiomLogger for Quiet {
        fn debug(&self, _m: &str, _a: &HashMap<&str, String>) {}
        fn info(&self, _m: &str, _a: &HashMap<&str, String>) {}
        fn warn(&self, _m: &str, _a: &HashMap<&str, String>) {}
        fn error(&self, _m: &str, _a: &HashMap<&str, String>) {}
    }
    impl AxiomSecrets for Quiet {
        fn get(&self, _n: &str) -> (String, bool) { (String::new(), false) }
    }
    impl AxiomContext for Quiet {
        fn log(&self) -> &dyn AxiomLogger { self }
        fn secrets(&self) -> &dyn AxiomSecrets { self }
        fn execution_id(&self) -> &str { "test-execution-id" }
        fn flow_id(&self) -> &str { "test-flow-id" }
        fn tenant_id(&self) -> &str { "test-tenant-id" }
    }

    #[test]
    fn refuses_no_text() {
        assert_eq!(refuse_text(&Quiet, Text::default()), Err("no text in test-execution-id".to_string()));
        assert_eq!(refuse_text(&Quiet, Text { text: "some".into() }).unwrap().text, "some");
    }
}
