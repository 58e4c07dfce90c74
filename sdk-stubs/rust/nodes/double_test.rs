//! The double of AxiomContext that `axiom generate` writes into each node's test.

#[cfg(test)]
mod tests {
    use crate::axiom_context::*;
    use std::collections::HashMap;

    #[test]
    fn the_double_answers_as_the_host_does() {
        let ax = TestContext::new(&[("KEY", "line\r\nend\n"), ("GONE", "old")], &["GONE"]);
        assert_eq!(ax.secrets().get("KEY"), ("line\r\nend\n".to_string(), true));
        assert_eq!(ax.secrets().get("GONE"), (String::new(), false));
        assert_eq!(ax.secrets().get(""), (String::new(), false));
        assert_eq!(ax.secrets().status("KEY"), SecretStatus::Available);
        assert_eq!(ax.secrets().status("GONE"), SecretStatus::Revoked);
        assert_eq!(ax.secrets().status(""), SecretStatus::Unset);
        ax.log().info("written", &HashMap::from([("key", "value".to_string())]));
        telemetry_of(&ax).add_event("dropped", &[attr_int("size", 1)]);
        assert!(!is_cancelled(&ax) && ax.reflection().flow().nodes().is_empty());
    }

    /// A context with values of your own. A revoked name is not found, whatever the values say. The flow is
    /// empty, and a node that changes it fails; give it reflection() or mutation() to test such a node.
    struct TestContext {
        values: HashMap<String, String>,
        revoked_names: Vec<String>,
    }

    impl TestContext {
        fn new(secrets: &[(&str, &str)], revoked_names: &[&str]) -> Self {
            Self {
                values: secrets.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect(),
                revoked_names: revoked_names.iter().map(|name| name.to_string()).collect(),
            }
        }
    }

    impl AxiomContext for TestContext {
        fn log(&self) -> &dyn AxiomLogger {
            self
        }
        fn secrets(&self) -> &dyn AxiomSecrets {
            self
        }
        fn execution_id(&self) -> &str {
            "test-execution-id"
        }
        fn flow_id(&self) -> &str {
            "test-flow-id"
        }
        fn tenant_id(&self) -> &str {
            "test-tenant-id"
        }
    }

    impl AxiomSecrets for TestContext {
        fn get(&self, name: &str) -> (String, bool) {
            match self.status(name) {
                SecretStatus::Available => (self.values[name].clone(), true),
                _ => (String::new(), false),
            }
        }
        fn status(&self, name: &str) -> SecretStatus {
            if self.revoked_names.iter().any(|revoked| revoked == name) {
                SecretStatus::Revoked
            } else if self.values.contains_key(name) {
                SecretStatus::Available
            } else {
                SecretStatus::Unset
            }
        }
    }

    impl AxiomLogger for TestContext {
        fn debug(&self, msg: &str, attrs: &HashMap<&str, String>) {
            println!("DEBUG {msg} {attrs:?}");
        }
        fn info(&self, msg: &str, attrs: &HashMap<&str, String>) {
            println!("INFO {msg} {attrs:?}");
        }
        fn warn(&self, msg: &str, attrs: &HashMap<&str, String>) {
            println!("WARN {msg} {attrs:?}");
        }
        fn error(&self, msg: &str, attrs: &HashMap<&str, String>) {
            println!("ERROR {msg} {attrs:?}");
        }
    }
}
