use crate::axiom_context::{is_cancelled, AxiomContext};
use crate::gen::messages::{ProbeReply, ProbeRequest};
use std::collections::HashMap;
use std::error::Error;
use std::time::{Duration, Instant};

/// Takes its time.
pub fn hang(ax: &dyn AxiomContext, input: ProbeRequest) -> Result<ProbeReply, Box<dyn Error>> {
    ax.log().info("hanging", &HashMap::new());
    let end = Instant::now() + Duration::from_millis(input.wait_ms as u64);
    while Instant::now() < end && !is_cancelled(ax) {
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(ProbeReply::default())
}
