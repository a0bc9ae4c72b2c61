//! C++ of the process that runs a model of a third-party design.

use super::abi_version::ABI_VERSION;

/// Text of the program: the C ABI of models, its version, and the server.
pub fn server_text() -> String {
    let (abi, server) =
        (include_str!("../../templates/abi.h.tera"), include_str!("../../templates/server.cpp"));
    format!("{abi}const uint32_t ABI = {ABI_VERSION};\n{server}")
}
