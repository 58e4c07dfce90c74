// Reads in many shapes, one a line; what is expected of each stands in expected.json.
use crate::axiom_context::AxiomContext;
pub fn greet(ax: &dyn AxiomContext, input: A) -> Result<B, Box<dyn std::error::Error>> {
    let (key, ok) = ax.secrets().get("K");
    if !ok { ax.log().error("K missing", &HashMap::from([("ok", ok.to_string())])); return Err("K is not configured".into()); }
    ax.log().info(&format!("have {} {} {}", key.len(), key.is_empty(), key.starts_with("sk-")), &HashMap::new());
    let c = Client { key: key.clone(), base: "x".to_string() };
    let text = c.call(&input.text);
    ax.log().info("called", &HashMap::from([("base", c.base.clone())]));
    let body = fetch(&key).map_err(|e| format!("fetch: {e}"))?;
    let mut out = B { text: body.replace(&key, "***"), n: key.len() as i32, ok, ..Default::default() };
    out.other = text;
    out.status = if ok { "set".into() } else { "unset".into() };
    { let key = input.name.clone(); println!("{key}"); out.name = key; }
    if let Err(e) = fetch(&key) { eprintln!("{e}"); out.error = e.to_string(); }
    Ok(out)
}
struct Client { key: String, base: String }
impl Client { fn call(&self, s: &str) -> String { s.to_string() } }
fn fetch(k: &str) -> Result<String, std::io::Error> { Ok(String::new()) }
