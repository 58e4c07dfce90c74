//! The stub's own service, so that everything beside it is compiled: a package's is generated.

#[path = "src/axiom_context.rs"]
pub mod axiom_context;
#[path = "host/mod.rs"]
mod axiom_host;

pub use axiom_context::AxiomNodeError;

#[cfg(test)]
#[path = "nodes/double_test.rs"]
mod double_test;

use axiom_context::AxiomContext;
use axiom_host::{AnyValue, IntoError, Returned, Timestamp};
use std::error::Error;

async fn echo(_ax: &dyn AxiomContext, input: Timestamp) -> Result<Timestamp, Box<dyn Error + Send + Sync>> {
    Ok(input)
}

fn copy(
    _ax: &dyn AxiomContext,
    inputs: &mut dyn Iterator<Item = Timestamp>,
    emit: &mut dyn FnMut(Timestamp) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    for input in inputs {
        emit(input)?;
    }
    Ok(())
}

/// An error that says nothing of itself.
struct Refusal;

fn refuse(_ax: &dyn AxiomContext, _input: Timestamp) -> Result<Timestamp, Refusal> {
    Err(Refusal)
}

fn main() -> std::process::ExitCode {
    let name = "google.protobuf.Timestamp";
    axiom_host::serve(axiom_host::HostedPackage {
        package: "axiom/stub",
        version: "0.1.0",
        nodes: vec![
            axiom_host::unary("Echo", name, name, |ax, input| {
                axiom_host::wait_for(echo(ax, input))
                    .map_err(|error| Returned(error).failure().of("service.rs"))
            }),
            axiom_host::pipeline("Copy", name, name, |ax, inputs, emit| {
                copy(ax, inputs, emit).map_err(|error| Returned(error).failure().of("service.rs"))
            }),
            axiom_host::unary("Refuse", name, name, |ax, input| {
                refuse(ax, input).map_err(|error| Returned(error).failure().of("service.rs"))
            }),
        ],
    })
}
