//! Makes the Rust code of Protobuf messages: `axiom-bindings DIR` reads a serialized
//! google.protobuf.FileDescriptorSet from stdin and writes DIR/mod.rs with one file per Protobuf package
//! beside it. A Rust program because prost-build is a Rust library; it needs no protoc.

use prost::Message;
use prost_types::FileDescriptorSet;
use std::error::Error;
use std::io::Read;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args().nth(1).ok_or("usage: axiom-bindings DIR < descriptor set")?;
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    generate(FileDescriptorSet::decode(bytes.as_slice())?, Path::new(&directory))
}

#[cfg(not(feature = "node-service"))]
fn generate(files: FileDescriptorSet, directory: &Path) -> Result<(), Box<dyn Error>> {
    // Google's own messages come from the prost-types crate; prost-build makes no code of them, but looks at them.
    prost_build::Config::new().out_dir(directory).include_file("mod.rs").compile_fds(files)?;
    Ok(())
}

/// NodeService and its messages. The execution's secrets must not be printed: their Debug is left out here
/// and written by hand in the host.
#[cfg(feature = "node-service")]
fn generate(files: FileDescriptorSet, directory: &Path) -> Result<(), Box<dyn Error>> {
    let mut config = prost_build::Config::new();
    config.skip_debug(["axiom.node.v1.ExecutionContext"]);
    tonic_build::configure()
        .build_client(false)
        .build_transport(false)
        .extern_path(".google.protobuf.Timestamp", "super::Timestamp")
        .out_dir(directory)
        .compile_fds_with_config(config, files)?;
    Ok(())
}
