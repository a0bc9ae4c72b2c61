//! Selection of the analysis for a kind of design.

use super::accumulate::{AccumulatorAnalysis, accumulates, measure_pairs};
use super::design_kind::DesignKind;
use super::diagnostics::Diagnostics;
use super::error::AuditError;
use super::factors::Factors;
use super::finding::Finding;
use super::findings::Findings;
use super::harness::Harness;
use super::latency;
use super::operands::{OperandSource, RandomOperands};
use super::port_map::PortMap;
use super::products::ProductAnalysis;
use super::requantizer::RequantizerAnalysis;
use super::request::{AuditRequest, StimulusEffort};
use super::runner::{ProgressFn, TimedRun};
use super::settings::Settings;
use crate::text::suggestion;

/// The analysis for one kind of design.
pub(crate) enum Analysis {
    Requantizer(RequantizerAnalysis),
    Products(ProductAnalysis),
    Accumulator {
        analysis: AccumulatorAnalysis,
        /// Latency of the sum, if it was measured with the number of its pairs.
        latency: Option<usize>,
    },
}

impl Analysis {
    pub fn new(kind: DesignKind, map: &PortMap, settings: &Settings) -> Result<Self, AuditError> {
        if kind == DesignKind::Requantizer {
            return Ok(Self::Requantizer(RequantizerAnalysis::new(map, settings)?));
        }
        let factors = Factors::new(kind, map, settings)?;
        if !accumulates(map, kind) {
            return Ok(Self::Products(ProductAnalysis::new(factors)));
        }
        if factors.results > 1 {
            let text = format!("a sum over time has one result, and out has {} elements", factors.results);
            return Err(AuditError::ElementCounts(text));
        }
        Ok(Self::Accumulator { analysis: AccumulatorAnalysis::new(factors), latency: None })
    }

    /// Whether results of two ports are added up, as of a carry-save output.
    pub fn adds_outputs(&self) -> bool {
        match self {
            Self::Requantizer(_) => false,
            Self::Products(products) => products.adds_outputs(),
            Self::Accumulator { analysis, .. } => analysis.adds_outputs(),
        }
    }

    /// Checks whether the design counts the pairs of its sums itself.
    ///
    /// Such a design is analyzed as an accumulator, even if the map does not describe one.
    pub fn detect_counted_sums(self, harness: &mut Harness) -> Result<Self, AuditError> {
        let widths = match &self {
            Self::Accumulator { analysis, .. } => analysis.widths(),
            Self::Products(products) if products.may_accumulate() => products.widths(),
            _ => return Ok(self),
        };
        let Some((pairs, latency)) = measure_pairs(harness, &widths)? else { return Ok(self) };
        harness.pairs_per_sum = Some(pairs);
        let analysis = match self {
            Self::Products(products) => AccumulatorAnalysis::new(products.into_factors()),
            Self::Accumulator { analysis, .. } => analysis,
            Self::Requantizer(_) => return Ok(self),
        };
        Ok(Self::Accumulator { analysis, latency: Some(latency) })
    }

    /// The operands to drive.
    ///
    /// # Errors
    /// [`AuditError::TooManyOperandBits`] for `--exhaustive`.
    pub fn operands(&self, effort: &StimulusEffort) -> Result<Box<dyn OperandSource>, AuditError> {
        match self {
            Self::Requantizer(requantizer) => requantizer.operands(effort),
            Self::Products(products) => products.operands(effort),
            Self::Accumulator { analysis, .. } => {
                let widths = analysis.widths();
                Ok(Box::new(RandomOperands { widths, seed: effort.seed, len: effort.cases }))
            }
        }
    }

    /// Measures the timing and compares the results with every candidate.
    ///
    /// `control` are the findings about control inputs, which follow those of the analysis.
    pub fn run(
        &self,
        request: &AuditRequest,
        harness: &Harness,
        diagnostics: &Diagnostics,
        control: Vec<Finding>,
        progress: &ProgressFn,
    ) -> Result<Findings, AuditError> {
        let operands = diagnostics.operands;
        let timed = || -> Result<_, AuditError> {
            let (timing, latency) = latency::measure(harness, request.latency, diagnostics)?;
            let exhaustive = request.effort.exhaustive;
            Ok((TimedRun { harness, timing, operands, progress, exhaustive }, latency))
        };
        let (mut findings, latency) = match self {
            Self::Accumulator { .. } if request.effort.exhaustive => return Err(AuditError::ExhaustiveSum),
            Self::Accumulator { analysis, latency } => {
                let given = request.latency.or(*latency);
                (analysis.analyze(harness, &request.effort, given, diagnostics, progress)?, Vec::new())
            }
            Self::Requantizer(requantizer) => {
                let (run, latency) = timed()?;
                (requantizer.analyze(&run)?, latency)
            }
            Self::Products(products) => {
                let (run, latency) = timed()?;
                (products.analyze(&run)?, latency)
            }
        };
        findings.properties.extend(latency.into_iter().chain(control));
        Ok(findings)
    }

    /// Checks that the expected candidate exists.
    pub fn check_expected(&self, kind: DesignKind, expected: Option<&str>) -> Result<(), AuditError> {
        let Some(name) = expected else { return Ok(()) };
        let names = match self {
            Self::Requantizer(_) => RequantizerAnalysis::names(),
            Self::Products(products) => products.names(),
            Self::Accumulator { analysis, .. } => analysis.names(),
        };
        let is_shifted = matches!(self, Self::Products(products) if products.is_shifted_name(name));
        if is_shifted || names.iter().any(|known| known == name) {
            return Ok(());
        }
        let hint = suggestion(name, names.iter().map(String::as_str));
        let (kind, known) = (kind.name(), names.join(", "));
        Err(AuditError::UnknownCandidate { kind, name: name.to_string(), hint, known })
    }
}
