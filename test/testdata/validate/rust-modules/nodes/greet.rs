// Reads in many shapes, one a line; what is expected of each stands in expected.json.
#[path = "util/mod.rs"] mod util;
use util::{load, load_b, KEY_B};
pub fn greet(ax: &dyn crate::axiom_context::AxiomContext, input: A) -> Result<B, E> {
 load(ax); load_b(ax); util::b::sup(ax);
 ax.secrets().get(KEY_B);
 ax.secrets().get(util::a::KEY);
 Ok(B::default()) }
