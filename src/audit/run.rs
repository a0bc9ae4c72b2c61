//! Run of an audit, from the source files to the report.

use std::time::Instant;

use super::analysis::Analysis;
use super::auto_map;
use super::diagnostics::Diagnostics;
use super::error::AuditError;
use super::finding::Finding;
use super::findings::Findings;
use super::harness::Harness;
use super::ignored;
use super::layouts;
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
    let Findings { properties, scores, nearest, inapplicable, errors, size } = findings;
    let matching = scores.iter().filter(|score| score.matches_all());
    Ok(AuditReport {
        version: env!("CARGO_PKG_VERSION"),
        verilator: builder.toolchain.verilator.version.clone(),
        top: sources.top.clone(),
        unit: kind.name(),
        files: files.into_iter().map(|(path, sha256)| SourceFile { path, sha256 }).collect(),
        ports: map.roles.iter().map(mapped_port).collect(),
        map: map.assignments(),
        ties: map.tie_texts.iter().map(|(port, value)| format!("{port}={value}")).collect(),
        settings: request.sets.clone(),
        explaining: matching.map(|score: &CandidateScore| score.name.clone()).collect(),
        findings: properties,
        transactions: size.transactions,
        exhaustive: size.combinations == Some(size.transactions),
        combinations: size.combinations,
        seed: request.effort.seed,
        exactness: errors.filter(|errors| errors.compared > 0),
        candidates: scores,
        nearest,
        inapplicable,
        warnings: verilated.warnings,
        seconds: start.elapsed().as_secs_f64(),
        command: request.command.clone(),
    })
}

/// Analyzes the design, and tries other divisions of its ports into elements if no candidate matches.
fn analyze(
    request: &AuditRequest,
    builder: &Builder,
    settings: &Settings,
    verilated: &VerilatedDesign,
    progress: &ProgressFn,
) -> Result<(Findings, PortMap), AuditError> {
    let ports = DesignPorts::new(&request.sources.top, &verilated.generated.ports);
    let ports = ports.with_types(&verilated.top, verilated.tree.as_ref());
    let analyze = |maps: &[String], settings: &Settings| {
        analyze_layout(request, builder, settings, &ports, maps, verilated, progress)
    };
    let is_matched = |findings: &Findings| findings.scores.iter().any(CandidateScore::matches_all);
    if auto_map::is_requested(&request.maps) {
        let guesses = auto_map::guess(request.kind, &request.sources.top, &ports, &request.ties, settings)?;
        let mut first = None;
        for guess in guesses {
            let analyzed = analyze(std::slice::from_ref(&guess), settings).map(|(mut findings, map)| {
                findings.properties.push(Finding::new("map", &format!("guessed: --map {guess}")));
                (findings, map)
            });
            if analyzed.as_ref().is_ok_and(|(findings, _)| is_matched(findings)) {
                return analyzed;
            }
            first.get_or_insert(analyzed);
        }
        return first.expect("there is at least one guess");
    }
    let first = analyze(&request.maps, settings);
    let may_differ = match &first {
        Ok((findings, _)) => !is_matched(findings),
        Err(error) => matches!(error, AuditError::WrongWidth { .. } | AuditError::ElementCounts(_)),
    };
    if may_differ {
        for layout in layouts::alternatives(request.kind, &ports, &request.maps, settings) {
            if let Ok((findings, map)) = analyze(&request.maps, &layout)
                && is_matched(&findings)
            {
                return Ok((findings, map));
            }
        }
    }
    first
}

/// Maps ports under some settings, compiles the model, measures the interface, compares candidates.
fn analyze_layout(
    request: &AuditRequest,
    builder: &Builder,
    settings: &Settings,
    ports: &DesignPorts,
    maps: &[String],
    verilated: &VerilatedDesign,
    progress: &ProgressFn,
) -> Result<(Findings, PortMap), AuditError> {
    let AuditRequest { sources, kind, .. } = request;
    let mut map = PortMap::new(*kind, &sources.top, ports, maps, &request.ties, settings)?;
    let analysis = Analysis::new(*kind, &map, settings)?;
    let mut harness = Harness::build(&verilated.top, verilated, &map, builder, Trace::Off, request.limit)?;
    harness.adds_outputs = analysis.adds_outputs();
    let operands = analysis.operands(&request.effort)?;
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
    ignored::check(&harness, &map, operands.as_ref())?;
    let analysis = analysis.detect_counted_sums(&mut harness)?;
    analysis.check_expected(*kind, request.expect.as_deref())?;
    let mut findings = analysis.run(request, &harness, &diagnostics, control, progress)?;
    map.active_low = harness.active_low;
    if !map.assumed.is_empty() {
        let text = format!("{}: fields that are neither mapped nor tied", map.assumed.join(", "));
        findings.properties.push(Finding::new("assumed", &text));
    }
    if !map.ignored.is_empty() {
        let names: Vec<&str> = map.ignored.iter().map(|port| port.name.as_str()).collect();
        findings.properties.push(Finding::new("driven at random", &names.join(", ")));
    }
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
