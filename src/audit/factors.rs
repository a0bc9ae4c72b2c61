//! The operands of products: two vectors, their zero points and their signedness.

use super::design_kind::DesignKind;
use super::error::AuditError;
use super::finding::Finding;
use super::operands::decode;
use super::port_map::PortMap;
use super::role::MapRole;
use super::settings::Settings;

/// Two vectors of factors and an optional addend, as the ports carry them.
///
/// Functions that take `operands` expect one column per element: `a`, then `b`, then the addend.
#[derive(Clone, Debug)]
pub(crate) struct Factors {
    pub kind: DesignKind,
    pub a: FactorVector,
    pub b: FactorVector,
    /// Products in one sum.
    lanes: usize,
    /// Width of the addend, `None` without one.
    pub addend_bits: Option<u32>,
    /// Width of one result element.
    pub out_bits: u32,
    /// Number of result elements.
    pub results: usize,
    /// Whether the result is the sum of two ports, as of a carry-save output.
    pub adds_outputs: bool,
    /// Values to try for the signedness of `a` and of `b`.
    signed: [Vec<bool>; 2],
}

/// A vector of factors.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FactorVector {
    /// Width of one element.
    pub bits: u32,
    pub elements: usize,
    zero_point: i64,
}

impl FactorVector {
    fn new(map: &PortMap, role: MapRole, zero_point: Option<i64>) -> Self {
        Self { bits: map.bits(role), elements: map.elements(role), zero_point: zero_point.unwrap_or(0) }
    }

    fn describe(&self, signed: bool) -> String {
        let lanes = if self.elements == 1 { String::new() } else { format!("{} of ", self.elements) };
        let sign = if signed { "signed" } else { "unsigned" };
        let zero_point = match self.zero_point {
            0 => String::new(),
            zero_point => format!(", zero point {zero_point}"),
        };
        format!("{lanes}{sign}, {} bits{zero_point}", self.bits)
    }
}

/// Whether `a` and `b` are in two's complement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signedness {
    pub a: bool,
    pub b: bool,
}

impl Signedness {
    /// All combinations, the most common first.
    const ALL: [Self; 4] = [
        Self { a: true, b: true },
        Self { a: false, b: false },
        Self { a: true, b: false },
        Self { a: false, b: true },
    ];

    /// Whether the product is in two's complement.
    pub fn of_product(self) -> bool {
        self.a || self.b
    }

    /// The name within that of a candidate.
    pub fn name(self) -> &'static str {
        match (self.a, self.b) {
            (true, true) => "signed",
            (false, false) => "unsigned",
            (true, false) => "signed_unsigned",
            (false, true) => "unsigned_signed",
        }
    }

    /// The description of a product.
    pub fn describe(self) -> &'static str {
        match (self.a, self.b) {
            (true, true) => "signed by signed",
            (false, false) => "unsigned by unsigned",
            (true, false) => "signed by unsigned",
            (false, true) => "unsigned by signed",
        }
    }
}

impl Factors {
    /// Reads widths from the map and zero points from the settings.
    pub fn new(kind: DesignKind, map: &PortMap, settings: &Settings) -> Result<Self, AuditError> {
        let zero_point = |key: &str| settings.integer(key, -(1 << 32)..=(1 << 32));
        let (a, b) = (map.elements(MapRole::A), map.elements(MapRole::B));
        let out = map.role(MapRole::Out);
        let has_two_ports = out.is_some_and(|out| out.ports.len() == 2 && out.elements == 2);
        let is_single = if kind == DesignKind::Multiplier { a.max(b) == 1 } else { a == b };
        let adds_outputs = has_two_ports && is_single;
        let mut factors = Self {
            kind,
            a: FactorVector::new(map, MapRole::A, zero_point("a_zero_point")?),
            b: FactorVector::new(map, MapRole::B, zero_point("b_zero_point")?),
            addend_bits: map.role(MapRole::Addend).map(|addend| addend.bits),
            out_bits: map.bits(MapRole::Out),
            results: if adds_outputs { 1 } else { map.elements(MapRole::Out) },
            adds_outputs,
            lanes: 1,
            signed: [settings.flags("a_signed")?, settings.flags("b_signed")?],
        };
        factors.lanes = match settings.count("lanes")? {
            Some(lanes) => lanes as usize,
            None => a.min(b),
        };
        factors.check_elements()?;
        Ok(factors)
    }

    /// Rejects numbers of elements that do not fit together.
    ///
    /// A multiplier has one result per element and may share one factor. A sum has one result, or several
    /// dot products side by side share one vector.
    fn check_elements(&self) -> Result<(), AuditError> {
        let Self { a, b, results, out_bits, lanes, .. } = self;
        let fits = if self.is_multiplier() {
            let longest = a.elements.max(b.elements);
            *results == longest && [a, b].iter().all(|vector| [1, longest].contains(&vector.elements))
        } else if *results == 1 {
            a.elements == b.elements
        } else {
            let is_vector = |vector: &FactorVector| [*lanes, lanes * results].contains(&vector.elements);
            self.kind == DesignKind::Dot && is_vector(a) && is_vector(b)
        };
        if fits {
            return Ok(());
        }
        Err(AuditError::ElementCounts(format!(
            "a has {} elements of {} bits, b {} of {}, and out {results} of {out_bits}",
            a.elements, a.bits, b.elements, b.bits
        )))
    }

    /// Whether each element has a separate product.
    pub fn is_multiplier(&self) -> bool {
        self.kind == DesignKind::Multiplier
    }

    /// The widths of all operand elements.
    pub fn widths(&self) -> Vec<u32> {
        let vector = |vector: &FactorVector| vec![vector.bits; vector.elements];
        let addend = self.addend_bits.into_iter().collect();
        [vector(&self.a), vector(&self.b), addend].concat()
    }

    /// The combinations of signedness that the settings allow.
    pub fn signedness(&self) -> Vec<Signedness> {
        let [a, b] = &self.signed;
        let is_allowed = |signs: &Signedness| a.contains(&signs.a) && b.contains(&signs.b);
        Signedness::ALL.into_iter().filter(is_allowed).collect()
    }

    /// The exact product of one lane of a multiplier.
    pub fn product(&self, operands: &[Vec<u64>], row: usize, lane: usize, signs: Signedness) -> i128 {
        let element = |vector: &FactorVector, first: usize, signed: bool| {
            let index = first + if vector.elements == 1 { 0 } else { lane % vector.elements };
            i128::from(decode(operands[index][row], vector.bits, signed) - vector.zero_point)
        };
        element(&self.a, 0, signs.a) * element(&self.b, self.a.elements, signs.b)
    }

    /// The exact sum of the products of one result, and of the addend.
    pub fn sum(&self, operands: &[Vec<u64>], row: usize, result: usize, signs: Signedness) -> i128 {
        let lanes = if self.results == 1 {
            0..self.a.elements
        } else {
            result * self.lanes..(result + 1) * self.lanes
        };
        let products: i128 = lanes.map(|lane| self.product(operands, row, lane, signs)).sum();
        let addend = self
            .addend_bits
            .map_or(0, |bits| decode(operands[self.addend_index()][row], bits, signs.of_product()));
        products + i128::from(addend)
    }

    fn addend_index(&self) -> usize {
        self.a.elements + self.b.elements
    }

    /// A width that holds every exact result of a transaction.
    pub fn exact_bits(&self) -> u32 {
        let lanes = match self.results {
            _ if self.is_multiplier() => 1,
            1 => self.a.elements,
            _ => self.lanes,
        };
        let zero_points = u32::from(self.a.zero_point != 0) + u32::from(self.b.zero_point != 0);
        let products = self.a.bits + self.b.bits + zero_points + lanes.next_power_of_two().trailing_zeros();
        self.addend_bits.map_or(products, |addend| products.max(addend) + 1)
    }

    /// The operands of one transaction as `name=value`.
    pub fn inputs(&self, operands: &[Vec<u64>], row: usize, signs: Signedness) -> Vec<String> {
        let list = |first: usize, vector: &FactorVector, signed: bool| {
            let columns = &operands[first..first + vector.elements];
            let value = |column: &Vec<u64>| decode(column[row], vector.bits, signed).to_string();
            let values: Vec<String> = columns.iter().map(value).collect();
            if values.len() == 1 { values.concat() } else { format!("[{}]", values.join(" ")) }
        };
        let mut inputs = vec![
            format!("a={}", list(0, &self.a, signs.a)),
            format!("b={}", list(self.a.elements, &self.b, signs.b)),
        ];
        if let Some(bits) = self.addend_bits {
            let addend = decode(operands[self.addend_index()][row], bits, signs.of_product());
            inputs.push(format!("c={addend}"));
        }
        inputs
    }

    /// The operands of one element with their names; without rows, their values are 0.
    pub fn single_elements(
        &self,
        operands: &[Vec<u64>],
        row: usize,
        signs: Signedness,
    ) -> Vec<(&'static str, i64)> {
        let value = |index: usize, bits: u32, signed: bool| {
            operands.get(index).map_or(0, |column| decode(column[row], bits, signed))
        };
        let mut single = Vec::new();
        if self.a.elements == 1 {
            single.push(("a", value(0, self.a.bits, signs.a)));
        }
        if self.b.elements == 1 {
            single.push(("b", value(self.a.elements, self.b.bits, signs.b)));
        }
        if let Some(bits) = self.addend_bits {
            single.push(("c", value(self.addend_index(), bits, signs.of_product())));
        }
        single
    }

    /// Findings about the operands under the signedness that matches.
    pub fn findings(&self, signs: Signedness) -> Vec<Finding> {
        let mut findings =
            vec![Finding::new("a", &self.a.describe(signs.a)), Finding::new("b", &self.b.describe(signs.b))];
        if self.kind == DesignKind::Dot && self.results > 1 {
            let text = format!("{} dot products of {} lanes side by side", self.results, self.lanes);
            findings.push(Finding::new("out", &text));
        }
        if self.adds_outputs {
            findings.push(Finding::new("out", "the sum of both ports, as of a carry-save output"));
        }
        findings
    }
}
