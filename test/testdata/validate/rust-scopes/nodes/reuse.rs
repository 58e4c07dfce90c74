use crate::axiom_context::AxiomContext;
use crate::gen::messages::{A, B};

const KEYS: &[&str] = &["K_ONE", "K_TWO"];
enum Provider { X, Y }
impl Provider { fn secret(&self) -> &'static str { match self { Provider::X => "PX", Provider::Y => "PY" } } }

pub fn reuse(ax: &dyn AxiomContext, input: A) -> Result<B, Box<dyn std::error::Error>> {
    let secrets = ax.secrets();
    let get = |name: &str| -> Option<String> { let (v, ok) = secrets.get(name); ok.then(|| v) };
    let a = get("ONE").unwrap_or_default();
    let present: Vec<_> = KEYS.iter().filter(|k| ax.secrets().get(k).1).collect();
    let provider = if input.x { Provider::X } else { Provider::Y };
    let (p, _) = ax.secrets().get(provider.secret());
    let v = input.name.clone();
    ax.log().info(&v, &Default::default());
    let v = ax.secrets().get("TWO").0;
    let n = v.len();
    tracing::info!("len {n} {}", a.len());
    let name = format!("{}_{}", "PRE", "POST");
    let Some(z) = Some(ax.secrets().get(&name)) else { return Err("x".into()) };
    Ok(B { n: n as i32, ..Default::default() })
}
