//! Run of an audit, from the source files to the report.

use std::time::Instant;

use super::analysis::Analysis;
use super::diagnostics::Diagnostics;
use super::error::AuditError;
use super::findings::Findings;
use super::harness::Harness;
use super::polarity;
use super::port_map::PortMap;
use super::ports::DesignPorts;
use super::report::{AuditReport, MappedPort, SourceFile};
use super::request::AuditRequest;
use super::response::check_response;
use super::role_ports::RolePorts;
use super::runner::ProgressFn;
use super::settings::Settings;
use super::sources::VerilatedDesign;
use super::tally::CandidateScore;
use crate::toolchain::builder::Builder;
use crate::toolchain::verilate::Trace;

/// Builds a design and finds the candidates that match its results.
///
/// `progress` is called with the number of transactions just completed and with their total.
///
/// # Errors
/// An [`AuditError`] if the design cannot be built, mapped or simulated, or does not respond.
pub fn audit(
    request: &AuditRequest,
    builder: &Builder,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<AuditReport, AuditError> {
    let start = Instant::now();
    let AuditRequest { sources, kind, .. } = request;
    let files = sources.digests()?;
    let settings = Settings::parse(*kind, &request.sets)?;
    let verilated = sources.verilate(builder, Trace::Off, request.limit)?;
    let analyzed = analyze(request, builder, &settings, &verilated, progress);
    let (findings, map) = analyzed.map_err(|error| sources.explain_unsettled(error, &verilated.warnings))?;
    let Findings { properties, scores, inapplicable, errors, size } = findings;
    let matching = scores.iter().filter(|score| score.matches_all());
    Ok(AuditReport {
        version: env!("CARGO_PKG_VERSION"),
        verilator: builder.toolchain.verilator.version.clone(),
        top: sources.top.clone(),
        unit: kind.name(),
        files: files.into_iter().map(|(path, sha256)| SourceFile { path, sha256 }).collect(),
        ports: map.roles.iter().map(mapped_port).collect(),
        ties: map.tie_texts.iter().map(|(port, value)| format!("{port}={value}")).collect(),
        settings: request.sets.clone(),
        explaining: matching.map(|score: &CandidateScore| score.name.clone()).collect(),
        findings: properties,
        transactions: size.transactions,
        exhaustive: size.exhaustive,
        seed: request.effort.seed,
        exactness: errors.filter(|errors| errors.compared > 0),
        candidates: scores,
        inapplicable,
        warnings: verilated.warnings,
        seconds: start.elapsed().as_secs_f64(),
        command: request.command.clone(),
    })
}

/// Maps ports, compiles the model, measures the interface, compares candidates.
fn analyze(
    request: &AuditRequest,
    builder: &Builder,
    settings: &Settings,
    verilated: &VerilatedDesign,
    progress: &ProgressFn,
) -> Result<(Findings, PortMap), AuditError> {
    let AuditRequest { sources, kind, .. } = request;
    let ports = DesignPorts::new(&sources.top, &verilated.generated.ports);
    let map = PortMap::new(*kind, &sources.top, &ports, &request.maps, &request.ties, settings)?;
    let analysis = Analysis::new(*kind, &map, settings)?;
    let mut harness = Harness::build(&sources.top, verilated, &map, builder, Trace::Off)?;
    let operands = analysis.operands(&request.effort);
    let diagnostics = Diagnostics {
        sources,
        builder,
        map: &map,
        operands: operands.as_ref(),
        warnings: &verilated.warnings,
        limit: request.limit,
        waveform: request.waveform.clone(),
    };
    let control = polarity::measure(&mut harness, &map, operands.as_ref())?;
    check_response(&harness, &diagnostics)?;
    let analysis = analysis.detect_counted_sums(&mut harness)?;
    analysis.check_expected(*kind, request.expect.as_deref())?;
    let findings = analysis.run(request, &harness, &diagnostics, control, progress)?;
    Ok((findings, map))
}

fn mapped_port(mapped: &RolePorts) -> MappedPort {
    MappedPort {
        role: mapped.role.name().to_string(),
        ports: mapped.names(),
        bits: mapped.bits,
        elements: mapped.elements,
    }
}
