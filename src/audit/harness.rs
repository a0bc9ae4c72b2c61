//! Test harness: drives rows into a compiled design and reads the results.

use std::path::Path;
use std::time::Duration;

use super::error::AuditError;
use super::port_layout::PortLayout;
use super::port_map::PortMap;
use super::role::MapRole;
use super::rows::{CONTROL_ROLES, ENABLE, InputRows, LAST, OutputRows, RESET, VALID};
use super::sources::VerilatedDesign;
use crate::model::design_shim;
use crate::simulation::{Design, DesignInstance, Isolation};
use crate::toolchain::builder::{Builder, TranslationUnit};
use crate::toolchain::compiler::Optimization;
use crate::toolchain::verilate::Trace;

/// Rows with reset asserted at the start.
const RESET_ROWS: usize = 6;

/// Idle rows after reset.
const IDLE_ROWS: usize = 4;

/// A compiled design whose ports are mapped.
#[derive(Clone)]
pub(crate) struct Harness {
    design: Design,
    layout: PortLayout,
    mapped_controls: [bool; 5],
    /// Control inputs that are active low, by map or measurement.
    pub active_low: [bool; 5],
    /// Widths of the result elements.
    pub result_bits: Vec<u32>,
    pub has_clock: bool,
    pub has_valid_out: bool,
    /// Whether the result is the sum of two ports, modulo their width.
    pub adds_outputs: bool,
    /// Pairs in a sum if the design itself counts them; set by measurement.
    pub pairs_per_sum: Option<usize>,
}

impl Harness {
    /// Compiles and loads the model; `limit` is the time of one batch.
    pub fn build(
        top: &str,
        verilated: &VerilatedDesign,
        map: &PortMap,
        builder: &Builder,
        trace: Trace,
        limit: Duration,
    ) -> Result<Self, AuditError> {
        let layout = PortLayout::new(map);
        let (pins, sizes) = layout.pins();
        let clocks = map.role(MapRole::Clock).map(|clock| clock.ports.as_slice()).unwrap_or_default();
        let clocks: Vec<(&str, bool)> =
            clocks.iter().map(|bound| (bound.port.member.name.as_str(), bound.inverted)).collect();
        let shim = design_shim(top, &clocks, &pins, &map.ties, trace);
        let unit = TranslationUnit { top, shim: &shim, optimization: Optimization::Full };
        let path = builder.generated_object(&unit, &verilated.generated, verilated.folder.path(), trace)?;
        let isolation = Isolation::new(builder, verilated.readable.clone(), Some(limit))?;
        let inverted = |role: MapRole| {
            let ports = map.role(role).map(|mapped| mapped.ports.as_slice()).unwrap_or_default();
            ports.last().is_some_and(|bound| bound.inverted)
        };
        Ok(Self {
            design: Design::load(&path, top, &sizes, &isolation)?,
            layout,
            mapped_controls: CONTROL_ROLES.map(|role| map.role(role).is_some()),
            active_low: CONTROL_ROLES.map(inverted),
            result_bits: map.role(MapRole::Out).map(|out| vec![out.bits; out.elements]).unwrap_or_default(),
            has_clock: !clocks.is_empty(),
            has_valid_out: map.role(MapRole::ValidOut).is_some(),
            adds_outputs: false,
            pairs_per_sum: None,
        })
    }

    /// Whether a control input is mapped.
    pub fn has(&self, control: usize) -> bool {
        self.mapped_controls[control]
    }

    /// Whether the end of a sum is known, from `last` or from the count of its pairs.
    pub fn marks_ends(&self) -> bool {
        self.has(LAST) || self.pairs_per_sum.is_some()
    }

    /// Whether rows with `valid_in` or `en` deasserted are ignored by the design.
    pub fn is_gated(&self) -> bool {
        self.has(VALID) || self.has(ENABLE)
    }

    /// Whether `valid_in` and `en` are asserted in a row, as far as they are mapped.
    pub fn accepts(&self, rows: &InputRows, row: usize) -> bool {
        [VALID, ENABLE].into_iter().all(|control| !self.has(control) || rows.controls[control][row] == 1)
    }

    /// The sum of all results, modulo their width.
    fn sum(&self, results: &[Vec<u64>]) -> Vec<u64> {
        let mask = self.result_bits.first().map_or(u64::MAX, |bits| u64::MAX >> (64 - bits));
        let rows = 0..results.first().map_or(0, Vec::len);
        let sum = |row: usize| results.iter().fold(0u64, |sum, result| sum.wrapping_add(result[row])) & mask;
        rows.map(sum).collect()
    }

    /// The same design, with other random values at one of the ignored ports.
    pub fn with_other_random_values(&self, port: usize) -> Self {
        let mut other = self.clone();
        other.layout.seeds[port] ^= 1 << 31;
        other
    }

    /// Number of operand elements.
    pub fn operands(&self) -> usize {
        self.layout.operands
    }

    /// A new instance after reset.
    pub fn start(&self) -> Result<Session<'_>, AuditError> {
        self.start_traced(None)
    }

    /// A new instance after reset that writes a waveform.
    pub fn start_traced(&self, waveform: Option<&Path>) -> Result<Session<'_>, AuditError> {
        let mut session = Session { harness: self, instance: self.design.instance() };
        if let Some(path) = waveform {
            session.instance.trace(path)?;
        }
        if self.has_clock {
            let mut rows = InputRows::all_valid(vec![vec![0; RESET_ROWS + IDLE_ROWS]; self.operands()]);
            rows.controls[RESET][..RESET_ROWS].fill(1);
            rows.controls[VALID].fill(0);
            rows.controls[LAST].fill(0);
            session.run(&rows)?;
        }
        Ok(session)
    }
}

/// A running instance of a design.
pub(crate) struct Session<'a> {
    harness: &'a Harness,
    instance: DesignInstance,
}

impl Session<'_> {
    /// Drives the rows and returns the outputs of the same rows.
    ///
    /// With a latency, the outputs belong to operands of earlier rows.
    pub fn run(&mut self, rows: &InputRows) -> Result<OutputRows, AuditError> {
        let len = rows.len();
        let [mut inputs, mut outputs] = self.harness.design.columns(len);
        self.harness.layout.write(rows, self.harness.active_low, &mut inputs);
        self.instance.run(len, &inputs, &mut outputs)?;
        let mut rows = self.harness.layout.read(&outputs, len);
        if self.harness.adds_outputs {
            rows.results = vec![self.harness.sum(&rows.results)];
        }
        Ok(rows)
    }
}
