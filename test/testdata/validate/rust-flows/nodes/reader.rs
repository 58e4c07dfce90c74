use crate::axiom_context::{AxiomContext, AxiomSecrets};
use std::collections::HashMap;
pub struct Reader<'a> { ax: &'a dyn AxiomContext, name: String, pub sec: &'a dyn AxiomSecrets }
impl<'a> Reader<'a> {
    pub fn new(ax: &'a dyn AxiomContext) -> Self { Self { ax, name: "RD_DEF".to_string(), sec: ax.secrets() } }
    pub fn with_name(mut self, n: &str) -> Self { self.name = n.into(); self }
    pub fn own(&self) -> Option<String> { let (v, ok) = self.ax.secrets().get(&self.name); ok.then_some(v) }
    pub fn must(&self, n: &str) -> Result<String, String> { match self.sec.get(n) { (v, true) => Ok(v), _ => Err(format!("no {n}")) } }
}
pub trait Tmpl { const KEY: &'static str; fn name(&self) -> String; fn run(&self, ax: &dyn AxiomContext) -> String { ax.secrets().get(Self::KEY).0 } fn run2(&self, ax: &dyn AxiomContext) -> String { ax.secrets().get(&self.name()).0 } }
pub struct TA;
impl Tmpl for TA { const KEY: &'static str = "TM_A"; fn name(&self) -> String { "TM_B".to_owned() } }
pub fn need(ax: &dyn AxiomContext, n: &str) -> Result<String, Box<dyn std::error::Error>> {
    let (v, ok) = ax.secrets().get(n);
    if !ok { return Err(format!("missing {n}").into()); }
    Ok(v)
}
pub fn generic<C: AxiomContext + ?Sized, S: AsRef<str>>(ax: &C, n: S) -> String { ax.secrets().get(n.as_ref()).0 }
pub fn where_c<C>(ax: &C, n: impl Into<String>) -> String where C: AxiomContext { let n = n.into(); ax.secrets().get(n.as_str()).0 }
pub fn all(ax: &dyn AxiomContext, names: &[&str]) -> HashMap<String, String> { names.iter().map(|n| (n.to_string(), ax.secrets().get(n).0)).collect() }
pub fn via<F>(get: F, n: &str) -> String where F: Fn(&str) -> (String, bool) { get(n).0 }
pub fn rec(ax: &dyn AxiomContext, n: &str, d: u32) -> String { if d == 0 { ax.secrets().get(n).0 } else { rec(ax, n, d - 1) } }
pub fn opt(ax: &dyn AxiomContext, n: Option<&str>) -> String { ax.secrets().get(n.unwrap_or("OPT_DEF")).0 }
#[macro_export]
macro_rules! secret { ($ax:expr, $n:expr) => { $ax.secrets().get($n) }; }
pub trait Ext { fn grab(&self, n: &str) -> String; }
impl<T: AxiomContext + ?Sized> Ext for T { fn grab(&self, n: &str) -> String { self.secrets().get(n).0 } }
