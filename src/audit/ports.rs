//! The ports of the top module, by their Verilog names.

use std::collections::BTreeMap;

use super::error::AuditError;
use crate::text::suggestion;
use crate::toolchain::design_tree::{DesignTree, PackedType, Shape};
use crate::toolchain::verilate::Member;

/// The ports of the top module.
pub(crate) struct DesignPorts {
    top: String,
    ports: Vec<DesignPort>,
    /// Types of the ports that are known.
    types: BTreeMap<String, PackedType>,
}

/// A port of the top module, or a range of its bits.
#[derive(Clone, Debug)]
pub(crate) struct DesignPort {
    /// Verilog name, with the bit range if it is a slice.
    pub name: String,
    /// Member of the C++ class for the whole port: direction, width and elements.
    pub member: Member,
    /// Lowest bit within the port.
    pub low: u32,
    /// Width of one element.
    pub width: u32,
}

impl DesignPort {
    /// Total width of all elements.
    pub fn bits(&self) -> u32 {
        self.width * self.member.elements
    }

    /// Whether this is a part of a port.
    pub fn is_slice(&self) -> bool {
        self.width != self.member.bits
    }

    /// Whether both contain a common bit.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.member.name == other.member.name
            && self.low < other.low + other.width
            && other.low < self.low + self.width
    }

    /// The lowest range of bits that no other port covers, `None` if all are covered.
    pub fn first_gap<'a>(&self, others: impl Iterator<Item = &'a Self>) -> Option<Self> {
        let mut others: Vec<&Self> = others.filter(|other| self.overlaps(other)).collect();
        others.sort_by_key(|other| other.low);
        let (mut low, end) = (self.low, self.low + self.width);
        let mut high = end;
        for other in others {
            if other.low > low {
                high = other.low;
                break;
            }
            low = low.max(other.low + other.width);
        }
        (low < end).then(|| self.slice(low, high.min(end) - low))
    }

    fn slice(&self, low: u32, width: u32) -> Self {
        if width == self.width {
            return self.clone();
        }
        let whole = decode_name(&self.member.name);
        let name = match width {
            1 => format!("{whole}[{low}]"),
            _ => format!("{whole}[{}:{low}]", low + width - 1),
        };
        Self { name, member: self.member.clone(), low, width }
    }

    fn describe(&self) -> String {
        let size = match self.member.elements {
            1 => format!("{}", self.member.bits),
            elements => format!("{elements} x {}", self.member.bits),
        };
        let direction = match self.member.is_output {
            Some(true) => "out ",
            Some(false) => "in ",
            None => "",
        };
        format!("{} ({direction}{size})", self.name)
    }
}

impl DesignPorts {
    pub fn new(top: &str, members: &[Member]) -> Self {
        let port = |member: &Member| DesignPort {
            name: decode_name(&member.name),
            member: member.clone(),
            low: 0,
            width: member.bits,
        };
        Self { top: top.to_string(), ports: members.iter().map(port).collect(), types: BTreeMap::new() }
    }

    /// Adds the types of the ports, from the tree of `module`.
    pub fn with_types(mut self, module: &str, tree: Option<&DesignTree>) -> Self {
        let Some(tree) = tree else { return self };
        let typed = |port: &DesignPort| Some((port.name.clone(), tree.port_type(module, &port.name)?));
        self.types = self.ports.iter().filter_map(typed).collect();
        self
    }

    /// The names of the fields of a port, empty if it is not a struct.
    pub fn fields(&self, port: &str) -> Vec<String> {
        match self.types.get(port).map(|own| &own.shape) {
            Some(Shape::Struct(fields)) => fields.iter().map(|(name, _)| format!("{port}.{name}")).collect(),
            _ => Vec::new(),
        }
    }

    /// The fields of a port with their widths and named values, ready to append to a message.
    pub fn describe_fields(&self, port: &str) -> String {
        let describe = |name: String| {
            let (_, own) = self.field(&name)?;
            let values: Vec<String> =
                self.values(&name).into_iter().map(|(item, value)| format!("{item}={value}")).collect();
            let separator = if values.is_empty() { "" } else { ": " };
            Some(format!("{name} ({}{separator}{})", own.bits, values.join(" ")))
        };
        let fields: Vec<String> = self.fields(port).into_iter().filter_map(describe).collect();
        if fields.is_empty() { String::new() } else { format!("; its fields are {}", fields.join(", ")) }
    }

    /// The names and values of an enumeration, for a port or a field; empty for other types.
    pub fn values(&self, word: &str) -> Vec<(String, i128)> {
        let own = self.types.get(word).or_else(|| Some(self.field(word)?.1));
        match own.map(|own| &own.shape) {
            Some(Shape::Enum(items)) => items.clone(),
            _ => Vec::new(),
        }
    }

    /// The value of a name of an enumeration, for a port or a field.
    pub fn enum_value(&self, word: &str, value: &str) -> Option<i128> {
        self.values(word).into_iter().find(|(name, _)| name == value).map(|(_, value)| value)
    }

    /// The field `PORT.FIELD...` of a struct, and its type.
    fn field(&self, word: &str) -> Option<(DesignPort, &PackedType)> {
        let (base, path) = word.split_once('.')?;
        let port = self.ports.iter().find(|port| port.name == base)?;
        let mut own = self.types.get(base)?;
        let mut low = 0;
        for name in path.split('.') {
            let Shape::Struct(fields) = &own.shape else { return None };
            let at = fields.iter().position(|(field, _)| field == name)?;
            low += fields[at + 1..].iter().map(|(_, field)| field.bits).sum::<u32>();
            own = &fields[at].1;
        }
        let member = port.member.clone();
        Some((DesignPort { name: word.to_string(), member, low, width: own.bits }, own))
    }

    pub fn all(&self) -> &[DesignPort] {
        &self.ports
    }

    /// The port `NAME`, its bits `NAME[HIGH:LOW]` or `NAME[BIT]`, or its field `NAME.FIELD`.
    ///
    /// Bit 0 is the lowest, independent of the declared range.
    ///
    /// # Errors
    /// [`AuditError::UnknownPort`], [`AuditError::InvalidSlice`].
    pub fn find(&self, word: &str) -> Result<DesignPort, AuditError> {
        let Some((name, range)) = word.strip_suffix(']').and_then(|word| word.rsplit_once('[')) else {
            return match self.field(word) {
                Some((field, _)) => Ok(field),
                None => self.whole(word).cloned(),
            };
        };
        let port = self.whole(name)?;
        let (high, low) = range.split_once(':').unwrap_or((range, range));
        match (high.parse::<u32>(), low.parse::<u32>(), port.member.elements) {
            (Ok(high), Ok(low), 1) if low <= high && high < port.width => Ok(port.slice(low, high - low + 1)),
            _ => Err(AuditError::InvalidSlice { word: word.to_string(), port: port.describe() }),
        }
    }

    fn whole(&self, name: &str) -> Result<&DesignPort, AuditError> {
        self.ports.iter().find(|port| port.name == name).ok_or_else(|| AuditError::UnknownPort {
            top: self.top.clone(),
            port: name.to_string(),
            hint: suggestion(name, self.ports.iter().map(|port| port.name.as_str())),
            ports: self.describe(),
        })
    }

    /// All ports with direction and width, for error messages.
    pub fn describe(&self) -> String {
        self.ports.iter().map(DesignPort::describe).collect::<Vec<_>>().join(", ")
    }
}

/// Decodes a C++ name of Verilator.
///
/// `__0` and two hexadecimal digits encode a character.
fn decode_name(member: &str) -> String {
    let mut name = String::new();
    let mut rest = member.strip_prefix("__SYM__").unwrap_or(member);
    while let Some(c) = rest.chars().next() {
        let code = rest.strip_prefix("__0").and_then(|code| code.get(..2));
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(code) => {
                name.push(code.into());
                rest = &rest[5..];
            }
            None => {
                name.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_gap_is_the_lowest_range_that_is_not_covered() {
        let member = Member { name: "t".to_string(), is_output: Some(false), bits: 16, elements: 1 };
        let ports = DesignPorts::new("top", &[member]);
        let found = |names: &[&str]| {
            let others: Vec<DesignPort> = names.iter().map(|name| ports.find(name).unwrap()).collect();
            ports.all()[0].first_gap(others.iter()).map(|port| port.name)
        };
        assert_eq!(found(&[]).as_deref(), Some("t"));
        assert_eq!(found(&["t[15:8]", "t[6:0]"]).as_deref(), Some("t[7]"));
        assert_eq!(found(&["t[3:0]"]).as_deref(), Some("t[15:4]"));
        assert_eq!(found(&["t[7:4]", "t[15:12]"]).as_deref(), Some("t[3:0]"));
        assert_eq!(found(&["t[15:8]", "t[7:0]"]), None);
        assert_eq!(found(&["t[15:0]"]), None);
        for word in ["t[16]", "t[0:1]", "t[a]", "t[]", "t[15:-1]"] {
            assert!(matches!(ports.find(word), Err(AuditError::InvalidSlice { .. })), "{word}");
        }
    }

    #[test]
    fn decode_name_returns_the_verilog_name() {
        let names = ["clk_i", "a___05Fb", "w__02ex", "__SYM__and", "x__0"].map(decode_name);
        assert_eq!(names, ["clk_i", "a__b", "w.x", "and", "x__0"]);
    }
}
