//! Ports of units; module headers, shim, columns and companion files follow from them.

use super::float::Float;
use super::number::Integer;

/// The direction of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Driven from outside.
    Input,
    /// Driven by the unit.
    Output,
}

/// The role of a port; stimulus, idle values and alignment follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The clock; every register acts on its rising edge.
    Clock,
    /// Synchronous reset, active high.
    Reset,
    /// Clock enable; idle is 1.
    Enable,
    /// Starts a new sum with the operands of the same cycle; idle is 0.
    Clear,
    /// Marks the data of the same cycle as valid, at inputs and outputs; idle is 1.
    Valid,
    /// Accepts the data of the same cycle, of a stream; idle is 1.
    Ready,
    /// Reports an event at a stream in the cycle after it, and belongs to no beat.
    Event,
    /// Operands and results.
    Data,
}

/// The number format of a port's elements.
#[derive(Clone, Copy, Debug)]
pub enum Format {
    /// An integer.
    Integer(Integer),
    /// A floating-point number.
    Float(Float),
}

impl From<Integer> for Format {
    fn from(integer: Integer) -> Self {
        Self::Integer(integer)
    }
}

impl From<Float> for Format {
    fn from(float: Float) -> Self {
        Self::Float(float)
    }
}

/// One port of a unit.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Port {
    /// The Verilog name.
    pub name: &'static str,
    /// Input or output.
    pub direction: Direction,
    /// The role.
    pub role: Role,
    /// The integer type of one element; for a float, the type of its bit pattern.
    #[serde(flatten)]
    pub integer: Integer,
    /// The format of one element that is a float.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub float: Option<Float>,
    /// Whether the unit requires that no element is the most negative value of its type.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub narrow: bool,
    /// The number of packed elements, element 0 in the lowest bits; 1 for a scalar.
    pub elements: u32,
    /// Whether it is an output declared as a register.
    #[serde(skip)]
    pub registered: bool,
    /// Whether it is declared without a sign: the data of a stream.
    #[serde(skip)]
    pub is_plain: bool,
    /// The comment in the module header.
    pub help: &'static str,
}

impl Port {
    /// A scalar input that carries data.
    pub fn input(name: &'static str, format: impl Into<Format>, help: &'static str) -> Self {
        let (integer, float) = match format.into() {
            Format::Integer(integer) => (integer, None),
            Format::Float(float) => (float.pattern(), Some(float)),
        };
        Self {
            name,
            direction: Direction::Input,
            role: Role::Data,
            integer,
            float,
            narrow: false,
            elements: 1,
            registered: false,
            is_plain: false,
            help,
        }
    }

    /// A scalar output that carries data.
    pub fn output(name: &'static str, format: impl Into<Format>, help: &'static str) -> Self {
        Self { direction: Direction::Output, ..Port::input(name, format, help) }
    }

    /// A scalar output that is a register.
    pub fn register(name: &'static str, format: impl Into<Format>, help: &'static str) -> Self {
        Self { registered: true, ..Port::output(name, format, help) }
    }

    /// A one-bit control input.
    pub fn control(name: &'static str, role: Role, help: &'static str) -> Self {
        Self { role, ..Port::input(name, Integer::unsigned(1), help) }
    }

    /// Returns the port with a number of packed elements.
    pub fn packed(self, elements: u32) -> Self {
        Self { elements, ..self }
    }

    /// Returns the port without the most negative value of its type.
    pub fn narrow(self) -> Self {
        Self { narrow: true, ..self }
    }

    /// The smallest legal value of an element.
    pub fn min(&self) -> i128 {
        self.integer.min() + i128::from(self.narrow)
    }

    /// Returns the pattern of an element, or the next one if its value is not legal.
    pub fn legal(&self, pattern: u64) -> u64 {
        if self.narrow && pattern == self.integer.encode(self.integer.min()) { pattern + 1 } else { pattern }
    }

    /// The type in lists: `s8`, `f32`, `32 x e4m3`, `s4 from -7`.
    pub fn short(&self) -> String {
        let element = match self.float {
            Some(float) => float.name.to_string(),
            None if self.narrow => format!("{} from {}", self.integer.short(), self.min()),
            None => self.integer.short(),
        };
        if self.elements == 1 { element } else { format!("{} x {element}", self.elements) }
    }

    /// The Verilog-2005 type, `signed [7:0]`; empty for a single bit.
    pub fn net_type(&self) -> String {
        // A vector of packed elements has no sign of its own.
        let signed = if self.integer.signed && self.elements == 1 && !self.is_plain { "signed " } else { "" };
        if self.width() == 1 { String::new() } else { format!("{signed}[{}:0]", self.width() - 1) }
    }

    /// The declaration in a Verilog-2005 module header, without comment; the type is padded to `type_width`,
    /// so that the names of a header are aligned.
    pub fn declaration(&self, type_width: usize) -> String {
        let direction = match (self.direction, self.registered) {
            (Direction::Input, _) => "input  wire",
            (Direction::Output, false) => "output wire",
            (Direction::Output, true) => "output reg ",
        };
        format!("{direction} {:<type_width$} {}", self.net_type(), self.name)
    }

    /// Width of the whole port in bits.
    pub fn width(&self) -> u32 {
        self.integer.bits * self.elements
    }

    /// Whether it is an input other than the clock.
    pub fn is_driven(&self) -> bool {
        self.direction == Direction::Input && self.role != Role::Clock
    }

    /// The value of an input that is not driven.
    pub fn idle(&self) -> u64 {
        u64::from(matches!(self.role, Role::Enable | Role::Valid | Role::Ready))
    }
}
