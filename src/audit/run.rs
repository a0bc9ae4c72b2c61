//! An audit from the first file to the verdict.

use std::time::Instant;

use super::bench::{Bench, port_names};
use super::binding::{Binding, Mapped};
use super::error::AuditError;
use super::ports::Ports;
use super::report::{Audit, Judged, MappedPort, SourceFile};
use super::request::Request;
use super::settings::Settings;
use super::subject::Subject;
use super::verilog::Verilated;
use super::wave::Waves;
use super::{control, timing};
use crate::toolchain::builder::Builder;
use crate::toolchain::verilate::Trace;

/// Builds the design and finds out what it computes. `progress` is told how many more transactions are
/// done, and of how many.
///
/// # Errors
/// An [`AuditError`] for what cannot be built, mapped or made to give results.
pub fn audit(
    request: &Request,
    builder: &Builder,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Audit, AuditError> {
    let clock = Instant::now();
    let Request { verilog, unit, .. } = request;
    let files = verilog.digests()?;
    let settings = Settings::parse(*unit, &request.sets)?;
    let verilated = verilog.verilate(builder, Trace::Off, request.limit)?;
    let result = judge(request, builder, &settings, &verilated, progress);
    let (judged, binding) = result.map_err(|error| verilog.settles(error, &verilated.warnings))?;
    let Judged { findings, scores, inapplicable, exactness, driven } = judged;
    Ok(Audit {
        version: env!("CARGO_PKG_VERSION"),
        verilator: builder.toolchain.verilator.version.clone(),
        top: verilog.top.clone(),
        unit: unit.name(),
        files: files.into_iter().map(|(path, sha256)| SourceFile { path, sha256 }).collect(),
        ports: mapped(&binding),
        ties: binding.tied.iter().map(|(port, value)| format!("{port}={value}")).collect(),
        settings: request.sets.clone(),
        explaining: scores.iter().filter(|score| score.explains()).map(|score| score.name.clone()).collect(),
        findings,
        transactions: driven.transactions,
        exhaustive: driven.exhaustive,
        seed: request.effort.seed,
        exactness: exactness.filter(|exactness| exactness.compared > 0),
        candidates: scores,
        inapplicable,
        warnings: verilated.warnings,
        seconds: clock.elapsed().as_secs_f64(),
        command: request.command.clone(),
    })
}

/// Binds the ports, compiles the model, and holds the candidates against its results.
fn judge(
    request: &Request,
    builder: &Builder,
    settings: &Settings,
    verilated: &Verilated,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<(Judged, Binding), AuditError> {
    let Request { verilog, unit, .. } = request;
    let ports = Ports::new(&verilog.top, &verilated.generated.ports);
    let binding = Binding::new(*unit, &verilog.top, &ports, &request.maps, &request.ties, settings)?;
    let subject = Subject::new(*unit, &binding, settings)?;
    let mut bench = Bench::build(&verilog.top, verilated, &binding, builder, Trace::Off)?;
    let stimulus = subject.stimulus(&request.effort);
    let waves = Waves {
        verilog,
        builder,
        binding: &binding,
        stimulus: stimulus.as_ref(),
        warnings: &verilated.warnings,
        limit: request.limit,
        path: request.wave.clone(),
    };
    let mut findings = control::discover(&mut bench, &binding, stimulus.as_ref())?;
    timing::check_alive(&bench, &waves)?;
    let (subject, counted) = subject.over_time(&mut bench)?;
    subject.expects(*unit, request.expect.as_deref())?;
    let mut judged = match &subject {
        Subject::Accumulator(accumulator) => {
            accumulator.judge(&bench, &request.effort, request.latency.or(counted), &waves, progress)?
        }
        Subject::Requantizer(requantizer) => {
            let timing = timing::discover(&bench, request.latency, &waves, &mut findings)?;
            requantizer.judge(&bench, timing, stimulus.as_ref(), progress)?
        }
        Subject::Products(products) => {
            let timing = timing::discover(&bench, request.latency, &waves, &mut findings)?;
            products.judge(&bench, timing, stimulus.as_ref(), progress)?
        }
    };
    judged.findings.append(&mut findings);
    Ok((judged, binding))
}

fn mapped(binding: &Binding) -> Vec<MappedPort> {
    let port = |mapped: &Mapped| MappedPort {
        role: mapped.role.name().to_string(),
        ports: port_names(mapped),
        bits: mapped.bits,
        elements: mapped.elements,
    };
    binding.mapped.iter().map(port).collect()
}
