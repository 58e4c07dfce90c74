use crate::axiom_context::AxiomContext;
use std::fmt;

#[derive(Debug)]
enum NotifyError {
    Missing(&'static str),
    Refused(String),
}

impl fmt::Display for NotifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotifyError::Missing(name) => write!(f, "{name} is not set"),
            NotifyError::Refused(why) => write!(f, "refused: {why}"),
        }
    }
}

struct Sender<'a> {
    ax: &'a dyn AxiomContext,
    webhook: Option<String>,
}

impl<'a> Sender<'a> {
    fn new(ax: &'a dyn AxiomContext) -> Self {
        Sender { ax, webhook: None }
    }

    fn with_webhook(mut self, name: &str) -> Result<Self, NotifyError> {
        let (value, ok) = self.ax.secrets().get(name);
        if !ok {
            return Err(NotifyError::Missing("SLACK_WEBHOOK"));
        }
        self.webhook = Some(value);
        Ok(self)
    }

    fn send(&self, text: &str) -> Result<(), NotifyError> {
        let url = self.webhook.as_deref().unwrap_or_default();
        post(url, text).map_err(|_| NotifyError::Refused(format!("{url} said no")))
    }
}

pub fn notify(ax: &dyn AxiomContext, input: Request) -> Result<Reply, Box<dyn std::error::Error>> {
    let sender = Sender::new(ax).with_webhook("SLACK_WEBHOOK")?; // ~ reads SLACK_WEBHOOK
    if let Err(error) = sender.send(&input.text) {
        ax.log().error(&error.to_string()); // ~ log
    }
    let (pager, ok) = ax.secrets().get("PAGER_KEY"); // ~ reads PAGER_KEY
    if ok && !pager.is_empty() {
        ax.log().info(&format!("pager key of {} characters", pager.len()));
        eprintln!("{}", pager.split('-').next().unwrap_or("")); // ~ log
    }
    Ok(Reply { ok: true })
}
