//! Ports and names shared by the units with streams of int8 codes.

use crate::text::hex_digest;
use crate::unit::{Beat, ConfigError, DSP, Integer, Port, Role, StreamNames, TARGET, Values};

/// Most codes of a frame of a unit that is used without a network.
const LARGEST_FRAME: usize = 1 << 16;

/// The type of a code.
pub(crate) const CODE: Integer = Integer::signed(8);

/// The control ports of units with streams.
pub(crate) fn clock_and_reset() -> Vec<Port> {
    vec![
        Port::control("clk", Role::Clock, "acts on the rising edge"),
        Port::control("rst", Role::Reset, "synchronous, drops all frames"),
    ]
}

/// Refuses a frame of more codes than a verification holds.
///
/// # Errors
/// [`ConfigError::Combination`].
pub(crate) fn require_short_frame(lengths: &[usize]) -> Result<(), ConfigError> {
    let codes = lengths.iter().try_fold(1usize, |product, length| product.checked_mul(*length));
    if codes.is_some_and(|codes| codes <= LARGEST_FRAME) {
        return Ok(());
    }
    Err(ConfigError::Combination {
        reason: format!("a frame has more than {LARGEST_FRAME} codes"),
        fix: "use smaller frames".to_string(),
    })
}

/// Clock, reset, one stream of codes in and one out.
pub(crate) fn engine_ports(input: &'static str, output: &'static str) -> Vec<Port> {
    let mut ports = clock_and_reset();
    ports.extend(StreamNames::S_AXIS.input(CODE, false, input));
    ports.extend(StreamNames::M_AXIS.output(CODE, true, output));
    ports
}

/// Digest of the settings in twelve hexadecimal digits, for module names.
///
/// Target and use of DSP blocks are excluded, because they are words of the name.
pub(crate) fn settings_digest(values: &Values) -> String {
    let settings = values.iter().filter(|(name, _)| ![TARGET.name, DSP.name].contains(name));
    let settings: Vec<String> = settings.map(|(name, value)| format!("{name}={value}")).collect();
    short_digest(&settings.join(";"))
}

/// First twelve hexadecimal digits of the digest of a text.
pub(crate) fn short_digest(text: &str) -> String {
    hex_digest(&[text.as_bytes()])[..12].to_string()
}

/// The codes of a frame.
pub(crate) fn codes(beats: &[Beat]) -> Vec<i8> {
    beats.iter().map(|beat| beat.data as u8 as i8).collect()
}

/// A frame of codes, with `tlast` at its end.
pub(crate) fn beats(codes: &[i8]) -> Vec<Beat> {
    let last = codes.len().saturating_sub(1);
    let beat = |(index, &code): (usize, &i8)| Beat { data: u64::from(code as u8), last: index == last };
    codes.iter().enumerate().map(beat).collect()
}
