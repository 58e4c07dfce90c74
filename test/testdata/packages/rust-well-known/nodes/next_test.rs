#[cfg(test)]
mod tests {
    use crate::axiom_context::*;
    use crate::gen::messages::{details::What, Appointment};
    use crate::next::next;
    use prost_types::{Duration, Timestamp};
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
    fn begins_where_the_last_one_ends() {
        let input = Appointment {
            start: Some(Timestamp { seconds: 100, nanos: 5 }),
            length: Some(Duration { seconds: 60, nanos: 0 }),
            details: None,
        };
        let reply = next(&Quiet, input).unwrap();
        assert_eq!(reply.start, Some(Timestamp { seconds: 160, nanos: 5 }));
        assert_eq!(reply.details.unwrap().what, Some(What::Words("again".to_string())));
    }
}
