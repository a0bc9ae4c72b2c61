//! Sources of a compiled model: the unit as it ships, the wrapper of lanes, the C++ shim.

mod abi_version;
mod server;
mod source;

pub use server::server_text;
pub use source::{
    Lanes, Pin, TiedInput, data_ports, design_shim, digest, group_source, is_clocked, is_per_lane,
    model_source, variants_source,
};

pub(crate) use abi_version::ABI_VERSION;
