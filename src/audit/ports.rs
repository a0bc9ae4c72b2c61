//! The ports of the top module, by their Verilog names.

use super::error::AuditError;
use crate::text::suggestion;
use crate::toolchain::verilate::Member;

/// The ports of the top module.
pub(crate) struct DesignPorts {
    top: String,
    ports: Vec<DesignPort>,
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
        Self { top: top.to_string(), ports: members.iter().map(port).collect() }
    }

    pub fn all(&self) -> &[DesignPort] {
        &self.ports
    }

    /// The port `NAME`, or its bits `NAME[HIGH:LOW]` or `NAME[BIT]`.
    ///
    /// Bit 0 is the lowest, independent of the declared range.
    ///
    /// # Errors
    /// [`AuditError::UnknownPort`], [`AuditError::InvalidSlice`].
    pub fn find(&self, word: &str) -> Result<DesignPort, AuditError> {
        let Some((name, range)) = word.strip_suffix(']').and_then(|word| word.rsplit_once('[')) else {
            return self.whole(word).cloned();
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
