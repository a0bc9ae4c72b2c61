//! The ports of a design by the names that its author gave them.

use super::AuditError;
use crate::catalogue::nearest;
use crate::cosim::verilate::Member;

/// The ports of the top module.
pub(super) struct Ports {
    top: String,
    ports: Vec<Port>,
}

/// One of them.
#[derive(Clone, Debug)]
pub(super) struct Port {
    /// As in the Verilog.
    pub name: String,
    /// As in the C++, with direction, width and elements.
    pub member: Member,
}

impl Port {
    /// Width of the whole port.
    pub fn bits(&self) -> u32 {
        self.member.bits * self.member.elements
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
        let port = |member: &Member| Port { name: decoded(&member.name), member: member.clone() };
        Ports { top: top.to_string(), ports: members.iter().map(port).collect() }
    }

    pub fn all(&self) -> &[Port] {
        &self.ports
    }

    /// The port of that name.
    ///
    /// # Errors
    /// [`AuditError::NoPort`] with all there are.
    pub fn find(&self, name: &str) -> Result<&Port, AuditError> {
        self.ports.iter().find(|port| port.name == name).ok_or_else(|| AuditError::NoPort {
            top: self.top.clone(),
            port: name.to_string(),
            hint: nearest(name, self.ports.iter().map(|port| port.name.as_str())),
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
    fn encoded_names_are_those_of_the_verilog() {
        let names = ["clk_i", "a___05Fb", "w__02ex", "__SYM__and", "x__0"].map(decoded);
        assert_eq!(names, ["clk_i", "a__b", "w.x", "and", "x__0"]);
    }
}
