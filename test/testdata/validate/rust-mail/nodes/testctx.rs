use crate::axiom_context::AxiomContext;

pub fn touch(ax: &dyn AxiomContext) -> bool {
    ax.secrets().get("TESTCTX_ONLY").1
}
