//! Audits of somebody else's Verilog: which rule, signedness and overflow behaviour it implements.
//!
//! ```text
//! Verilog --Verilator--> ports --map--> Bench      (verilog, ports, binding, bench)
//! Bench   --probing----> polarity, latency         (control, timing)
//! Bench x Stimulus ----> results                   (stimulus, runner)
//! results x candidates -> scores -> Audit          (requantizer, products, accumulate, report)
//! ```
//!
//! Nothing is assumed of the design but that its results depend on its operands: polarity and latency
//! are found before any rule is looked at. A candidate is a name and a function; the verdict names those
//! that give every result, and the first result that each other one does not give.

mod accumulate;
mod bench;
mod binding;
mod control;
mod error;
mod factors;
mod fields;
mod ports;
mod products;
mod report;
mod requantizer;
mod role;
mod runner;
mod settings;
mod stimulus;
mod tally;
mod tie;
mod timing;
mod verilog;
mod wave;

pub use error::AuditError;
pub use report::{Audit, Finding, MappedPort, SourceFile};
pub use role::{Role, Unit};
pub use settings::Settings;
pub use tally::{Counterexample, Exactness, Score};
pub use verilog::Verilog;

use crate::catalogue::nearest;
use crate::cosim::builder::Builder;
use crate::cosim::verilate::Trace;
use accumulate::{Accumulator, accumulates, counted};
use bench::{Bench, port_names};
use binding::Binding;
use factors::Factors;
use ports::Ports;
use products::Products;
use report::Judged;
use requantizer::Requantizer;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use stimulus::{Random, Stimulus};
use verilog::Verilated;
use wave::Waves;

/// What to audit, and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// The design.
    pub verilog: Verilog,
    /// What it is held to be.
    pub unit: Unit,
    /// `ROLE=PORT` words, several with commas.
    pub maps: Vec<String>,
    /// `PORT=VALUE` words of inputs that keep their value.
    pub ties: Vec<String>,
    /// `KEY=VALUE` words of what the ports do not say.
    pub sets: Vec<String>,
    /// Clock cycles from operands to result, where it is not to be found out.
    pub latency: Option<usize>,
    /// The candidate that must explain the results.
    pub expect: Option<String>,
    /// How much to drive.
    pub effort: Effort,
    /// Where the waveform of a design goes from which nothing comes.
    pub wave: PathBuf,
    /// How long Verilator may take.
    pub limit: Duration,
    /// Does the same again, for reports.
    pub command: String,
}

/// How much to drive.
#[derive(Clone, Debug)]
pub struct Effort {
    /// Random transactions where not all are driven.
    pub cases: u64,
    /// Their seed.
    pub seed: u64,
    /// Drive all operands even when they have more than 24 bits.
    pub exhaustive: bool,
}

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
    let port = |mapped: &binding::Mapped| MappedPort {
        role: mapped.role.name().to_string(),
        ports: port_names(mapped),
        bits: mapped.bits,
        elements: mapped.elements,
    };
    binding.mapped.iter().map(port).collect()
}

/// The unit with its table of candidates.
enum Subject {
    Requantizer(Requantizer),
    Products(Products),
    Accumulator(Accumulator),
}

impl Subject {
    fn new(unit: Unit, binding: &Binding, settings: &Settings) -> Result<Subject, AuditError> {
        if unit == Unit::Requantizer {
            return Ok(Subject::Requantizer(Requantizer::new(binding, settings)?));
        }
        let factors = Factors::new(unit, binding, settings)?;
        Ok(match accumulates(binding, unit) {
            true => Subject::Accumulator(Accumulator::new(factors)),
            false => Subject::Products(Products::new(factors)),
        })
    }

    /// What adds up as many pairs as it counts itself is an accumulator, whatever the map says. Returns the
    /// cycles from the last pair of a sum to it too.
    fn over_time(self, bench: &mut Bench) -> Result<(Subject, Option<usize>), AuditError> {
        let widths = match &self {
            Subject::Accumulator(accumulator) => accumulator.widths(),
            Subject::Products(products) if products.may_add_up() => products.widths(),
            _ => return Ok((self, None)),
        };
        let Some((pairs, latency)) = counted(bench, &widths)? else { return Ok((self, None)) };
        bench.counted = Some(pairs);
        let subject = match self {
            Subject::Products(products) => Subject::Accumulator(Accumulator::new(products.into_factors())),
            subject => subject,
        };
        Ok((subject, Some(latency)))
    }

    fn stimulus(&self, effort: &Effort) -> Box<dyn Stimulus> {
        match self {
            Subject::Requantizer(requantizer) => requantizer.stimulus(effort),
            Subject::Products(products) => products.stimulus(effort),
            Subject::Accumulator(accumulator) => {
                Box::new(Random { widths: accumulator.widths(), seed: effort.seed, len: effort.cases })
            }
        }
    }

    fn names(&self) -> Vec<String> {
        match self {
            Subject::Requantizer(_) => Requantizer::names(),
            Subject::Products(products) => products.names(),
            Subject::Accumulator(accumulator) => accumulator.names(),
        }
    }

    /// Whether what is expected is one of the candidates.
    fn expects(&self, unit: Unit, expected: Option<&str>) -> Result<(), AuditError> {
        let (Some(name), names) = (expected, self.names()) else { return Ok(()) };
        if names.iter().any(|known| known == name) {
            return Ok(());
        }
        let hint = nearest(name, names.iter().map(String::as_str));
        Err(AuditError::Expect { unit: unit.name(), name: name.to_string(), hint, known: names.join(", ") })
    }
}
