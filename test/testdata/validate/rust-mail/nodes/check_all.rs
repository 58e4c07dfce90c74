use crate::axiom_context::AxiomContext;
use crate::gen::messages::{MailReply, MailRequest};

const NAMES: [&str; 2] = ["CHECK_ONE", "CHECK_TWO"];

pub fn check_all(ax: &dyn AxiomContext, input: MailRequest) -> Result<MailReply, Box<dyn std::error::Error>> {
    let mut found = 0;
    for name in NAMES.iter() {
        if ax.secrets().get(name).1 {
            found += 1;
        }
    }
    let wanted = vec![input.secret_name.clone()];
    let extra: Vec<bool> = wanted.iter().map(|n| ax.secrets().get(n).1).collect();
    if let (token, true) = ax
        .secrets()
        .get("CHECK_TOKEN")
    {
        assert!(!token.is_empty(), "empty {}", ax.secrets().get("CHECK_IN_MACRO").0.len());
    }
    Ok(MailReply { count: found + extra.len() as i32, ..Default::default() })
}
