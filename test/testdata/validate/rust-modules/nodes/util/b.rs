pub const KEY: &str = "B_KEY";
pub fn load(ax: &dyn crate::axiom_context::AxiomContext) { ax.secrets().get(self::KEY); }
pub fn sup(ax: &dyn crate::axiom_context::AxiomContext) { ax.secrets().get(super::a::KEY); }
