use crate::axiom_context::{is_cancelled, AxiomContext};
use crate::gen::messages::{ProbeReply, ProbeRequest};
use std::collections::HashMap;
use std::error::Error;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::{Duration, Instant};

/// Calls that were told to stop.
pub static STOPPED: AtomicI32 = AtomicI32::new(0);

/// Takes its time.
pub fn hang(ax: &dyn AxiomContext, input: ProbeRequest) -> Result<ProbeReply, Box<dyn Error>> {
    ax.log().info("hanging", &HashMap::new());
    let end = Instant::now() + Duration::from_millis(input.wait_ms as u64);
    while Instant::now() < end && !is_cancelled(ax) {
        std::thread::sleep(Duration::from_millis(10));
    }
    if is_cancelled(ax) {
        STOPPED.fetch_add(1, Ordering::SeqCst);
    }
    Ok(ProbeReply::default())
}
