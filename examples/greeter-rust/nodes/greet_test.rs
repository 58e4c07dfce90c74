// The tests of Greet.
#[cfg(test)]
mod tests {
    use crate::axiom_context::*;
    use crate::gen::messages::GreetRequest;
    use crate::greet::greet;
    use std::collections::HashMap;

    fn greeting(ax: &TestContext) -> String {
        greet(ax, GreetRequest { name: "Ada".to_string() }).expect("greet does not fail").greeting
    }

    #[test]
    fn signs_with_the_secret() {
        let ax = TestContext::new(&[(secret_names::GREETER_SIGNATURE, "test-sig")], &[]);
        assert_eq!(greeting(&ax), "Hello Ada, from test-sig");
    }

    #[test]
    fn is_anonymous_without_the_secret() {
        assert_eq!(greeting(&TestContext::new(&[], &[])), "Hello Ada, from anonymous");
        assert_eq!(greeting(&TestContext::new(&[], &["GREETER_SIGNATURE"])), "Hello Ada, from anonymous");
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
