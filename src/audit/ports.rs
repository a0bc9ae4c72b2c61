//! The ports of a design by the names that its author gave them.

use super::error::AuditError;
use crate::text::suggestion;
use crate::toolchain::verilate::Member;

/// The ports of the top module.
pub(crate) struct Ports {
    top: String,
    ports: Vec<Port>,
}

/// One of them, or some of its bits.
#[derive(Clone, Debug)]
pub(crate) struct Port {
    /// As in the Verilog, with the bits if they are not all.
    pub name: String,
    /// The whole port as in the C++, with direction, width and elements.
    pub member: Member,
    /// The lowest of its bits.
    pub low: u32,
    /// Width of one element.
    pub width: u32,
}

impl Port {
    /// Width of all elements together.
    pub fn bits(&self) -> u32 {
        self.width * self.member.elements
    }

    /// Whether it is not a whole port of the design.
    pub fn is_slice(&self) -> bool {
        self.width != self.member.bits
    }

    /// Whether the two have a bit in common.
    pub fn overlaps(&self, other: &Port) -> bool {
        self.member.name == other.member.name
            && self.low < other.low + other.width
            && other.low < self.low + self.width
    }

    /// The lowest run of its bits that none of the others has.
    pub fn beside<'a>(&self, others: impl Iterator<Item = &'a Port>) -> Option<Port> {
        let mut others: Vec<&Port> = others.filter(|other| self.overlaps(other)).collect();
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

    fn slice(&self, low: u32, width: u32) -> Port {
        if width == self.width {
            return self.clone();
        }
        let whole = decoded(&self.member.name);
        let name = match width {
            1 => format!("{whole}[{low}]"),
            _ => format!("{whole}[{}:{low}]", low + width - 1),
        };
        Port { name, member: self.member.clone(), low, width }
    }

    fn shown(&self) -> String {
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

impl Ports {
    pub fn new(top: &str, members: &[Member]) -> Ports {
        let port = |member: &Member| Port {
            name: decoded(&member.name),
            member: member.clone(),
            low: 0,
            width: member.bits,
        };
        Ports { top: top.to_string(), ports: members.iter().map(port).collect() }
    }

    pub fn all(&self) -> &[Port] {
        &self.ports
    }

    /// The port of that name, or the bits of it that `[HIGH:LOW]` or `[BIT]` says; 0 is the lowest,
    /// however the design counts.
    ///
    /// # Errors
    /// [`AuditError::NoPort`] with all there are, [`AuditError::Slice`] where there are no such bits.
    pub fn find(&self, word: &str) -> Result<Port, AuditError> {
        let Some((name, range)) = word.strip_suffix(']').and_then(|word| word.rsplit_once('[')) else {
            return self.whole(word).cloned();
        };
        let port = self.whole(name)?;
        let (high, low) = range.split_once(':').unwrap_or((range, range));
        match (high.parse::<u32>(), low.parse::<u32>(), port.member.elements) {
            (Ok(high), Ok(low), 1) if low <= high && high < port.width => Ok(port.slice(low, high - low + 1)),
            _ => Err(AuditError::Slice { word: word.to_string(), port: port.shown() }),
        }
    }

    fn whole(&self, name: &str) -> Result<&Port, AuditError> {
        self.ports.iter().find(|port| port.name == name).ok_or_else(|| AuditError::NoPort {
            top: self.top.clone(),
            port: name.to_string(),
            hint: suggestion(name, self.ports.iter().map(|port| port.name.as_str())),
            found: self.shown(),
        })
    }

    /// All of them with their widths, for errors.
    pub fn shown(&self) -> String {
        self.ports.iter().map(Port::shown).collect::<Vec<_>>().join(", ")
    }
}

/// Undoes Verilator's encoding of names: `__0` and two hexadecimal digits stand for a character.
fn decoded(member: &str) -> String {
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
    fn bits_that_are_left_over_are_found() {
        let member = Member { name: "t".to_string(), is_output: Some(false), bits: 16, elements: 1 };
        let ports = Ports::new("top", &[member]);
        let found = |names: &[&str]| {
            let others: Vec<Port> = names.iter().map(|name| ports.find(name).unwrap()).collect();
            ports.all()[0].beside(others.iter()).map(|port| port.name)
        };
        assert_eq!(found(&[]).as_deref(), Some("t"));
        assert_eq!(found(&["t[15:8]", "t[6:0]"]).as_deref(), Some("t[7]"));
        assert_eq!(found(&["t[3:0]"]).as_deref(), Some("t[15:4]"));
        assert_eq!(found(&["t[7:4]", "t[15:12]"]).as_deref(), Some("t[3:0]"));
        assert_eq!(found(&["t[15:8]", "t[7:0]"]), None);
        assert_eq!(found(&["t[15:0]"]), None);
        for word in ["t[16]", "t[0:1]", "t[a]", "t[]", "t[15:-1]"] {
            assert!(matches!(ports.find(word), Err(AuditError::Slice { .. })), "{word}");
        }
    }

    #[test]
    fn encoded_names_are_those_of_the_verilog() {
        let names = ["clk_i", "a___05Fb", "w__02ex", "__SYM__and", "x__0"].map(decoded);
        assert_eq!(names, ["clk_i", "a__b", "w.x", "and", "x__0"]);
    }
}
