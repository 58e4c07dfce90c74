pub const KEY: &str = "A_KEY";
pub fn load(ax: &dyn crate::axiom_context::AxiomContext) { ax.secrets().get(KEY); }
