// Names in lists, tables, records, closures and helpers of other folders: every way to read one here.
use crate::axiom_context::{AxiomContext, AxiomSecrets};
use crate::gen::messages::{A, B};
use std::collections::HashMap;
#[path = "util.rs"]
mod util;
mod keys { pub const K1: &str = "IM1"; pub mod deep { pub const K2: &str = "IM2"; } }
const NAMES: [&str; 2] = ["L1", "L2"];
static TABLE: &[(&str, &str)] = &[("a", "D1"), ("b", "D2")];
const PREFIX: &str = "PFX";
enum Key { A, B }
impl Key { fn name(&self) -> &'static str { match self { Key::A => "E1", Key::B => "E2" } } const T: &'static str = "AC1"; }
struct Client<'a> { secrets: &'a dyn AxiomSecrets }
impl<'a> Client<'a> {
    fn new(ax: &'a dyn AxiomContext) -> Self { Self { secrets: ax.secrets() } }
    fn token(&self) -> String { self.secrets.get("CL1").0 }
}
macro_rules! secret { ($ax:expr, $n:expr) => { $ax.secrets().get($n) }; }
pub fn greet(ax: &dyn AxiomContext, input: A) -> Result<B, Box<dyn std::error::Error>> {
    for n in NAMES { let (v, ok) = ax.secrets().get(n); }
    for n in NAMES.iter() { ax.secrets().get(n); }
    for (_, n) in TABLE { ax.secrets().get(n); }
    for n in ["F1", "F2"] { ax.secrets().get(n); }
    ax.secrets().get(keys::K1);
    ax.secrets().get(keys::deep::K2);
    ax.secrets().get(&format!("{}_ONE", PREFIX));
    ax.secrets().get(&format!("{PREFIX}_TWO"));
    ax.secrets().get(Key::A.name());
    ax.secrets().get(Key::T);
    let get = |n: &str| -> Option<String> { let (v, ok) = ax.secrets().get(n); if ok { Some(v) } else { None } };
    get("CLOS1").or_else(|| get("CLOS2"));
    let keys: Vec<String> = ["MAP1", "MAP2"].iter().map(|n| ax.secrets().get(n).0).collect();
    util::fetch(ax, "LIB1")?;
    util::first(ax, &["V1", "V2"]);
    util::generic(ax, "GEN1");
    Client::new(ax).token();
    let name = match input.kind.as_str() { "a" => "MT1", _ => "MT2" };
    let (v, _) = ax.secrets().get(name);
    let s = ax.secrets();
    if let (v, true) = s.get("AL1") { let _ = v; }
    crate::nodes::util::fetch(ax, "LIB2")?;
    Ok(B::default())
}
