use crate::axiom_context::AxiomContext;
pub trait Job { fn key_name(&self) -> &str; fn setup(&self, _ax: &dyn AxiomContext) {} 
  fn run(&self, ax: &dyn AxiomContext) -> String { self.setup(ax); let (v, _) = ax.secrets().get(self.key_name()); ax.secrets().get("K_SHARED"); v } }
pub struct AlphaJob;
impl Job for AlphaJob { fn key_name(&self) -> &str { "K_ALPHA" } }
pub struct BetaJob { pub n: &'static str }
impl BetaJob { pub fn new() -> Self { BetaJob { n: "K_BETA" } } }
impl Job for BetaJob { fn key_name(&self) -> &str { self.n } fn setup(&self, ax: &dyn AxiomContext) { ax.secrets().get("K_BETA_SETUP"); } }
