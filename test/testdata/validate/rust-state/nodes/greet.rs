// Reads in many shapes, one a line; what is expected of each stands in expected.json.
use crate::axiom_context::AxiomContext;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
type Res<T> = Result<T, Box<dyn std::error::Error>>;
const fn key() -> &'static str { "CFN" }
static NAMES: [&str; 2] = ["NM_A", "NM_B"];
struct Cfg { name: &'static str, opt: Option<String> }
impl Default for Cfg { fn default() -> Self { Cfg { name: "CFG_DEF", opt: None } } }
impl Cfg { const FALLBACK: &'static str = "CFG_FB"; fn name(&self) -> &str { self.name } }
struct Guard<'a>(&'a dyn AxiomContext, &'static str);
impl<'a> Guard<'a> { fn read(&self) -> String { self.0.secrets().get(self.1).0 } }
struct Lazy<F: Fn() -> String> { f: F }
impl<F: Fn() -> String> Lazy<F> { fn force(&self) -> String { (self.f)() } }
enum Auth { Bearer { name: String }, Basic(String, String), None }
impl Auth { fn secret(&self, ax: &dyn AxiomContext) -> Option<String> { match self { Auth::Bearer { name } => Some(ax.secrets().get(name).0), Auth::Basic(_, p) => Some(ax.secrets().get(p).0), Auth::None => None } } }
trait Fetch { fn fetch(&self, n: &str) -> Option<String>; }
impl Fetch for dyn AxiomContext + '_ { fn fetch(&self, n: &str) -> Option<String> { let (v, ok) = self.secrets().get(n); if ok { Some(v) } else { None } } }
fn secret<'a>(ax: &'a (impl AxiomContext + ?Sized), n: &str) -> Res<String> { Some(ax.secrets().get(n)).filter(|p| p.1).map(|p| p.0).ok_or_else(|| n.into()) }
fn each(ax: &dyn AxiomContext, mut f: impl FnMut(&str, String)) { for n in ["EA_A", "EA_B"] { f(n, ax.secrets().get(n).0); } }
fn boxed<'a>(ax: &'a dyn AxiomContext) -> Box<dyn Fn(&str) -> String + 'a> { Box::new(move |n| ax.secrets().get(n).0) }
pub fn greet(ax: &dyn AxiomContext, input: A) -> Res<B> {
    ax.secrets().get(key());
    ax.secrets().get(Cfg::default().name);
    ax.secrets().get(Cfg { name: "CFG_LIT", ..Default::default() }.name());
    ax.secrets().get(Cfg::FALLBACK);
    Guard(ax, "GUARD").read();
    Lazy { f: || ax.secrets().get("LAZY").0 }.force();
    Auth::Bearer { name: "AU_B".into() }.secret(ax);
    Auth::Basic("u".into(), "AU_P".to_string()).secret(ax);
    ax.fetch("FETCH");
    let key = secret(ax, "SECRET")?;
    each(ax, |n, v| { let _ = (n, v); });
    boxed(ax)("BOXED");
    let mut names = vec!["VE_A"]; names.push("VE_B"); names.extend(["VE_C"]);
    for n in &names { ax.secrets().get(n); }
    let mut m = HashMap::new(); m.insert("k", "HM_V");
    for (_, v) in &m { ax.secrets().get(v); }
    for v in m.values() { ax.secrets().get(v); }
    if let Some(n) = m.get("k") { ax.secrets().get(n); }
    for n in NAMES.iter().chain(["CH_A"].iter()) { ax.secrets().get(n); }
    for (n, _) in NAMES.iter().zip(0..) { ax.secrets().get(n); }
    let vals: BTreeMap<_, _> = NAMES.iter().map(|n| (*n, ax.secrets().get(n).0)).collect();
    let found = NAMES.iter().find_map(|n| { let (v, ok) = ax.secrets().get(n); ok.then_some(v) });
    let n = input.name.as_deref().unwrap_or("DEREF_D"); ax.secrets().get(n);
    let n = match input.kind { 1 => "MK_A", 2 => "MK_B", _ => return Err("x".into()) }; ax.secrets().get(n);
    let (user, pass) = (ax.secrets().get("TP_U").0, ax.secrets().get("TP_P").0);
    let crate_name = { let inner = "BLK"; inner }; ax.secrets().get(crate_name);
    assert!(ax.secrets().get("ASSERT").1, "missing");
    let r = std::panic::catch_unwind(|| ax.secrets().get("UNW"));
    log::debug!("user {user} ok {}", !pass.is_empty());
    let masked = "*".repeat(key.len()); ax.log().info(&masked, &HashMap::new());
    let mut out = B::default(); out.len = vals.len() as i32; out.token = pass;
    out.items.push(user.clone());
    Ok(out)
}
