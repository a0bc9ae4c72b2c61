//! Latency of a design, measured without knowledge of its function.
//!
//! A design that computes a function gives the same result whether its operands are held or streamed. The
//! results of held operands are therefore searched in the output of a stream of the same operands.

use super::diagnostics::Diagnostics;
use super::error::AuditError;
use super::finding::Finding;
use super::handshake;
use super::harness::Harness;
use super::response::check_stateless;
use super::rows::InputRows;
use super::settled::SettledResults;
use super::skew;
use super::spacing;
use super::timing::{MAX_LATENCY, Timing, cycles};

/// Rows for which operands are held.
const HELD_ROWS: usize = MAX_LATENCY + 32;

/// Number of different held operands.
const HELD_OPERANDS: usize = 64;

/// Measures the timing of a design whose results depend on one transaction each.
///
/// `given` is the latency that the user states. The findings are latency and handshake.
pub(crate) fn measure(
    harness: &Harness,
    given: Option<usize>,
    diagnostics: &Diagnostics,
) -> Result<(Timing, Vec<Finding>), AuditError> {
    let finding = |text: &str| Finding::new("latency", text);
    if !harness.has_clock {
        check_stateless(harness, diagnostics)?;
        return Ok((Timing::Combinational, vec![finding("none: combinational")]));
    }
    if let Some(latency) = given {
        let timing = Timing::Pipelined { latency, delays: Vec::new() };
        return Ok((timing, vec![finding(&format!("{}, as given", cycles(latency)))]));
    }
    let settled = SettledResults::measure(harness, diagnostics.operands, HELD_OPERANDS, HELD_ROWS)?;
    if let Some(settled) = settled.filter(SettledResults::differ) {
        if let Some(latency) = stream_latency(harness, &settled)? {
            let mut findings = vec![finding(&format!("{}, a transaction every cycle", cycles(latency)))];
            findings.extend(handshake::findings(harness, &settled, latency)?);
            return Ok((Timing::Pipelined { latency, delays: Vec::new() }, findings));
        }
        if let Some(pipeline) = skew::measure(harness, &settled, diagnostics)? {
            let text = format!("{}: in a stream, drive them at these distances", pipeline.text);
            let mut findings = vec![finding(&text)];
            findings.extend(handshake::valid_out(harness, &settled, pipeline.latency)?);
            return Ok((pipeline.timing, findings));
        }
    }
    spacing::measure(harness, diagnostics)
}

/// The latency at which a stream of operands gives their settled results.
fn stream_latency(harness: &Harness, settled: &SettledResults) -> Result<Option<usize>, AuditError> {
    const ROWS: usize = 2048;
    let (operands, expected) = settled.shuffled(ROWS);
    let outputs = harness.start()?.run(&InputRows::all_valid(operands))?;
    let fits = |latency: &usize| {
        let mut pairs = outputs.results.iter().zip(&expected);
        pairs.all(|(found, expected)| found[*latency..] == expected[..ROWS - latency])
    };
    Ok((0..=MAX_LATENCY).find(fits))
}
