use crate::axiom_context::AxiomContext;
pub fn fetch(ax: &dyn AxiomContext, name: &str) -> Result<String, String> {
    let (v, ok) = ax.secrets().get(name);
    if ok { Ok(v) } else { Err(format!("secret {name} is not set")) }
}
pub fn first(ax: &dyn AxiomContext, names: &[&str]) -> Option<String> {
    names.iter().find_map(|n| { let (v, ok) = ax.secrets().get(n); ok.then_some(v) })
}
pub fn generic<C: AxiomContext + ?Sized>(ctx: &C, name: &str) -> String { ctx.secrets().get(name).0 }
