//! Size of the input space.

use crate::unit::{Port, Role};

/// Total width of all data inputs, in bits.
pub fn domain_bits(ports: &[Port]) -> u32 {
    ports.iter().filter(|port| is_data(port)).map(Port::width).sum()
}

/// Size of the input space of a feed-forward unit; `None` from 2^64 on.
pub fn domain(ports: &[Port]) -> Option<u64> {
    let mut ports = ports.iter().filter(|port| is_data(port));
    ports.try_fold(1u64, |size, port| {
        let element = u64::try_from(port.integer.max() - port.min() + 1).ok()?;
        size.checked_mul(element.checked_pow(port.elements)?)
    })
}

/// Whether a port is a data input.
pub(crate) fn is_data(port: &Port) -> bool {
    port.is_driven() && port.role == Role::Data
}
