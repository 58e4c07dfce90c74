// The double stands in a file of its own.
#[cfg(test)]
#[path = "testctx.rs"]
mod testctx;

#[cfg(test)]
mod tests {
    use super::testctx::test_context;
    use crate::axiom_context::{AxiomContext, SecretStatus};
    use crate::gen::messages::UrlInput;
    use crate::get_tld::get_tld;
    use crate::host::host;

    #[test]
    fn the_last_label() {
        let ax = test_context();
        let input = UrlInput { url: "https://a.example.org/x".to_string() };
        assert_eq!(get_tld(&ax, input.clone()).unwrap().part, "org");
        assert_eq!(host(&ax, input).unwrap().part, "a.example.org");
    }

    #[test]
    fn a_double_without_status_never_says_revoked() {
        let ax = test_context();
        assert_eq!(ax.secrets().status("DNS_TOKEN"), SecretStatus::Available);
        assert_eq!(ax.secrets().status("GONE"), SecretStatus::Unset);
    }
}
