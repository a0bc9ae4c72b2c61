//! The unit with its table of candidates.

use super::accumulate::{Accumulator, accumulates, counted};
use super::bench::Bench;
use super::binding::Binding;
use super::error::AuditError;
use super::factors::Factors;
use super::products::Products;
use super::requantizer::Requantizer;
use super::request::Effort;
use super::role::Unit;
use super::settings::Settings;
use super::stimulus::{Random, Stimulus};
use crate::text::suggestion;

/// The unit with its table of candidates.
pub(crate) enum Subject {
    Requantizer(Requantizer),
    Products(Products),
    Accumulator(Accumulator),
}

impl Subject {
    pub(crate) fn new(unit: Unit, binding: &Binding, settings: &Settings) -> Result<Subject, AuditError> {
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
    pub(crate) fn over_time(self, bench: &mut Bench) -> Result<(Subject, Option<usize>), AuditError> {
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

    pub(crate) fn stimulus(&self, effort: &Effort) -> Box<dyn Stimulus> {
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
    pub(crate) fn expects(&self, unit: Unit, expected: Option<&str>) -> Result<(), AuditError> {
        let (Some(name), names) = (expected, self.names()) else { return Ok(()) };
        if names.iter().any(|known| known == name) {
            return Ok(());
        }
        let hint = suggestion(name, names.iter().map(String::as_str));
        Err(AuditError::Expect { unit: unit.name(), name: name.to_string(), hint, known: names.join(", ") })
    }
}
