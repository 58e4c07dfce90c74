use crate::axiom_context::AxiomContext;
use crate::gen::messages::{details::What, Appointment, Details};
use prost_types::{Struct, Timestamp};

/// The next appointment begins where this one ends.
pub fn next(_ax: &dyn AxiomContext, input: Appointment) -> Result<Appointment, Box<dyn std::error::Error>> {
    let (Some(start), Some(length)) = (input.start, input.length) else {
        return Err("an appointment has a start and a length".into());
    };
    let details = Details {
        confirmed: Some(()),
        what: Some(What::Words("again".to_string())),
        by_guest: [("Ada".to_string(), Struct::default())].into(),
        price: Some(7.5),
        ..Default::default()
    };
    let start = Timestamp { seconds: start.seconds + length.seconds, ..start };
    Ok(Appointment { start: Some(start), details: Some(details), ..input })
}
