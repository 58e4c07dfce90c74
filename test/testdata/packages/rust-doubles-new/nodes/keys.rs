use crate::axiom_context::AxiomContext;

/// A helper that takes ax and the name.
pub fn key_of(ax: &dyn AxiomContext, name: &str) -> (String, bool) {
    let secrets = ax.secrets();
    secrets.get(name)
}
