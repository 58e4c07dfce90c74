// Reads in many shapes, one a line; what is expected of each stands in expected.json.
use crate::axiom_context::AxiomContext;
use crate::gen::messages::{A, B};
#[path = "keys.rs"] mod keys;
#[path = "reader.rs"] mod reader;
use keys::{deep, Kind, Keys, ALL, MAIL as M};
use reader::{Ext, Reader, Tmpl, *};
const KEY: &str = "OUTER";
static TABLE: &[(&str, Kind)] = &[("TAB_A", Kind::Smtp)];
pub fn greet(ax: &dyn AxiomContext, input: A) -> Result<B, Box<dyn std::error::Error>> {
    Reader::new(ax).own();
    Reader::new(ax).with_name("RD_WITH").own();
    Reader::new(ax).must("MUST")?;
    reader::TA.run(ax);
    reader::TA.run2(ax);
    need(ax, "NEED")?;
    reader::need(ax, "RNEED").unwrap();
    crate::nodes::greet::reader::need(ax, "FULLPATH")?;
    generic(ax, "GENERIC");
    where_c(ax, String::from("WHERE"));
    all(ax, &["AL_A", "AL_B"]);
    all(ax, ALL);
    via(|n| ax.secrets().get(n), "VIA");
    rec(ax, "REC", 3);
    opt(ax, Some("OPT_G"));
    opt(ax, None);
    ax.grab("GRAB");
    ax.secrets().get(M);
    ax.secrets().get(keys::PREFIX);
    ax.secrets().get(deep::X);
    ax.secrets().get(keys::deep::er::Y);
    ax.secrets().get(Keys::API);
    ax.secrets().get(&format!("{}_FMT", keys::PREFIX));
    ax.secrets().get(&format!("{p}_NAMED", p = "Q"));
    ax.secrets().get(&["J", "K"].join("_"));
    ax.secrets().get(&["J", "L"].concat());
    ax.secrets().get(&"lo".to_uppercase());
    ax.secrets().get(r"RAW");
    ax.secrets().get(r#"RAWH"#);
    ax.secrets().get(Kind::Smtp.key());
    for k in Kind::LIST { ax.secrets().get(k.key()); }
    for n in ALL { ax.secrets().get(n); }
    for n in ALL.iter().copied() { ax.secrets().get(n); }
    for (_, n) in keys::PAIRS.iter() { ax.secrets().get(n); }
    for &(_, n) in &keys::PAIRS { ax.secrets().get(n); }
    for (i, n) in ALL.iter().enumerate() { let _ = i; ax.secrets().get(n); }
    for i in 0..ALL.len() { ax.secrets().get(ALL[i]); }
    ["IT_A", "IT_B"].iter().for_each(|n| { ax.secrets().get(n); });
    let v: Vec<_> = vec!["VE_A", "VE_B"].into_iter().map(|n| ax.secrets().get(n)).collect();
    ax.secrets().get(keys::pick(&input.k));
    ax.secrets().get(&input.name);
    ax.secrets().get(if input.name.is_empty() { "IFD" } else { &input.name });
    ax.secrets().get(&std::env::var("X").unwrap_or_else(|_| "ENVD".to_string()));
    ax.secrets().get(&std::env::var("X").unwrap_or("ENVO".into()));
    let s = ax.secrets(); s.get("VAR");
    let get = |n: &str| -> String { s.get(n).0 };
    get("CLOS");
    fn inner(ax: &dyn AxiomContext) -> String { ax.secrets().get("INNERFN").0 }
    inner(ax);
    { const KEY: &str = "INNER"; ax.secrets().get(KEY); }
    ax.secrets().get(KEY);
    if let (v, true) = ax.secrets().get("IFLET") { println!("{v}"); }
    let (a, true) = ax.secrets().get("LETELSE") else { return Ok(B::default()); };
    while let (w, true) = ax.secrets().get("WHILE") { let _ = w; break; }
    let name = match input.k.as_str() { "a" => "MA_A", _ => "MA_B" };
    ax.secrets().get(name);
    AxiomContext::secrets(ax).get("UFCS");
    secret!(ax, "MACRO");
    for (n, _) in TABLE { ax.secrets().get(n); }
    tracing::info!("t {}", a);
    ax.log().info("n", &std::collections::HashMap::from([("v", a.clone())]));
    eprintln!("len {}", a.len());
    let m = std::collections::HashMap::<&str, &str>::new(); m.get("NOPE_ONLY");
    Ok(B { text: a, ..Default::default() })
}
#[cfg(test)]
mod tests { fn t() { ax.secrets().get("NOPE_TEST_ONLY"); } }
