use crate::axiom_context::AxiomContext;
use crate::gen::messages::{MailReply, MailRequest};
use std::collections::HashMap;

#[path = "mailutil.rs"]
mod mailutil;

const USER: &str = "SMTP_USER";

/// Sends a mail. Words only: ax.secrets().get("DOC_ONLY").
pub fn send_mail(
    ax: &dyn AxiomContext,
    input: MailRequest,
) -> Result<MailReply, Box<dyn std::error::Error>> {
    let (password, ok) = ax.secrets().get("SMTP_PASSWORD");
    if !ok {
        return Err("SMTP_PASSWORD is not configured".into());
    }
    let secrets = ax.secrets();
    let (user, _) = secrets.get(USER);
    let relay = mailutil::require(ax, "SMTP_RELAY")?;
    let mut attrs = HashMap::new();
    attrs.insert("user", user.clone());
    ax.log().info("sending", &attrs);
    println!("password is {password}");
    let reply = MailReply { id: mailutil::send(&relay, &user, &password), note: format!("via {}", relay), ..Default::default() };
    Ok(reply)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads() {
        let ax = crate::testctx::context();
        ax.secrets().get("TEST_ONLY");
    }
}
