//! One `ROLE=PORT+PORT` assignment of `--map`, checked against the design.

use super::design_kind::DesignKind;
use super::error::AuditError;
use super::ports::{DesignPort, DesignPorts};
use super::role::MapRole;
use super::settings::Settings;
use crate::text::suggestion;

/// A mapped port with the polarity that the map states.
#[derive(Clone, Debug)]
pub(crate) struct BoundPort {
    pub port: DesignPort,
    /// Whether the map marks the port as active low or falling edge.
    pub inverted: bool,
}

/// The ports of a role, element 0 first.
#[derive(Clone, Debug)]
pub(crate) struct RolePorts {
    pub role: MapRole,
    pub ports: Vec<BoundPort>,
    /// Width of one element.
    pub bits: u32,
    /// Number of elements in all ports together.
    pub elements: usize,
    /// Whether the ports are parts of one element, the lowest part first.
    pub is_joined: bool,
}

impl RolePorts {
    /// Parses an assignment and checks direction and width of its ports.
    pub fn parse(
        kind: DesignKind,
        ports: &DesignPorts,
        word: &str,
        settings: &Settings,
    ) -> Result<Self, AuditError> {
        let malformed = || AuditError::NotAnAssignment {
            option: "--map",
            word: word.to_string(),
            form: "--map ROLE=PORT",
        };
        let (name, list) = word.split_once('=').ok_or_else(malformed)?;
        let (base, active_low) = name.strip_suffix("_n").map_or((name, false), |base| (base, true));
        let roles = kind.roles();
        let unknown = || AuditError::UnknownName {
            kind: kind.name(),
            category: "role",
            name: name.to_string(),
            hint: suggestion(name, roles.iter().flat_map(|role| role.names().iter().copied())),
            known: roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", "),
        };
        let role = *roles.iter().find(|role| role.names().contains(&base)).ok_or_else(unknown)?;
        let bind = |word: &str| {
            let (name, inverted) =
                word.strip_prefix('!').map_or((word, active_low), |name| (name, !active_low));
            let port = ports.find(name)?;
            check_direction(role, &port)?;
            Ok(BoundPort { port, inverted })
        };
        let parts = split_parts(list);
        let is_joined = parts.len() > 1;
        let words: Vec<&str> =
            if is_joined { parts.into_iter().rev().collect() } else { list.split('+').collect() };
        let bound = words.into_iter().map(bind).collect::<Result<Vec<_>, AuditError>>()?;
        if is_joined {
            return Self { role, ports: bound, bits: 0, elements: 0, is_joined }.joined(kind);
        }
        let width_check = WidthCheck { kind, role, bound: &bound };
        let bits = width_check.element_bits(settings)?;
        width_check.check_ports(bits)?;
        let elements = width_check.elements(bits)?;
        Ok(Self { role, ports: bound, bits, elements, is_joined })
    }

    /// The ports as parts of one element, the first with the lowest bits.
    pub fn joined(self, kind: DesignKind) -> Result<Self, AuditError> {
        let bits = self.ports.iter().map(|bound| bound.port.bits()).sum();
        let width_check = WidthCheck { kind, role: self.role, bound: &self.ports };
        if self.role.is_control() || !self.role.widths().contains(&bits) {
            return Err(width_check.out_of_range(&self.ports[0].port, bits));
        }
        Ok(Self { bits, elements: 1, is_joined: true, ..self })
    }

    /// The names of the ports as in the map: elements joined by `+`, parts by `:`.
    pub fn names(&self) -> String {
        let mut names: Vec<&str> = self.ports.iter().map(|bound| bound.port.name.as_str()).collect();
        if self.is_joined {
            names.reverse();
        }
        names.join(if self.is_joined { ":" } else { "+" })
    }
}

/// Splits `high:low` at the colons outside of brackets.
fn split_parts(list: &str) -> Vec<&str> {
    let mut depth = 0;
    let is_separator = |c: char| {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        c == ':' && depth == 0
    };
    list.split(is_separator).collect()
}

/// Rejects an output mapped to an input role, and the reverse.
fn check_direction(role: MapRole, port: &DesignPort) -> Result<(), AuditError> {
    let direction = |is_output| if is_output { "output" } else { "input" };
    match port.member.is_output {
        Some(is_output) if is_output != role.is_output() => Err(AuditError::WrongDirection {
            port: port.name.clone(),
            found: direction(is_output),
            role: role.name(),
            needed: direction(role.is_output()),
        }),
        _ => Ok(()),
    }
}

/// The ports of a role whose widths are checked.
struct WidthCheck<'a> {
    kind: DesignKind,
    role: MapRole,
    bound: &'a [BoundPort],
}

impl WidthCheck<'_> {
    fn error(&self, port: &DesignPort, found: u32, needed: String, fix: &str) -> AuditError {
        AuditError::WrongWidth {
            port: port.name.clone(),
            found,
            role: self.role.name(),
            kind: self.kind.name(),
            needed,
            fix: fix.to_string(),
        }
    }

    /// Whether the elements are values of an array or ports of their own.
    fn is_vector(&self) -> bool {
        self.bound.len() > 1 || self.bound[0].port.member.elements > 1
    }

    /// The width of one element, from the settings or the first port.
    fn element_bits(&self, settings: &Settings) -> Result<u32, AuditError> {
        let first = &self.bound[0].port;
        let stated = self.role.width_setting().map_or(Ok(None), |key| settings.count(key))?;
        let lanes = settings.count("lanes")?;
        let is_lane_vector = matches!(self.role, MapRole::A | MapRole::B)
            && !self.is_vector()
            && self.kind != DesignKind::Multiplier;
        match (stated, lanes) {
            (Some(bits), _) => Ok(bits),
            (None, Some(lanes)) if is_lane_vector => {
                if first.width.is_multiple_of(lanes) {
                    return Ok(first.width / lanes);
                }
                let needed = format!("a width that is a multiple of {lanes} lanes");
                Err(self.error(first, first.width, needed, "correct --set lanes"))
            }
            _ => Ok(first.width),
        }
    }

    fn check_ports(&self, bits: u32) -> Result<(), AuditError> {
        let has_packed_results = self.kind != DesignKind::Mac;
        let may_be_packed =
            self.role.width_setting().is_some() && (self.role != MapRole::Out || has_packed_results);
        let width = self.bound[0].port.width;
        for BoundPort { port, .. } in self.bound {
            if self.role == MapRole::Clock && port.is_slice() {
                let needed = "a separate port".to_string();
                return Err(self.error(
                    port,
                    port.width,
                    needed,
                    "wrap the design in a module with such a port",
                ));
            }
            let fits = if may_be_packed { port.width % bits == 0 } else { port.width == bits };
            if !fits || (self.is_vector() && port.width != width) {
                let needed = format!("{bits} bits per element");
                return Err(self.error(port, port.width, needed, "correct --set, or map another port"));
            }
            if !self.role.widths().contains(&bits) {
                return Err(self.out_of_range(port, bits));
            }
        }
        Ok(())
    }

    /// The error of a port whose elements are too narrow or too wide for the role.
    fn out_of_range(&self, port: &DesignPort, bits: u32) -> AuditError {
        let range = self.role.widths();
        let needed = match (*range.start(), *range.end()) {
            (1, 1) => "1 bit".to_string(),
            (least, most) => format!("{least} to {most} bits"),
        };
        let fix = match self.role.width_setting() {
            Some(key) => format!("map another port, or give the width of one element with --set {key}=N"),
            None if self.role.is_control() => "map a port of one bit".to_string(),
            None => "map another port".to_string(),
        };
        self.error(port, bits, needed, &fix)
    }

    /// The number of elements, which must be 1 for control bits and the addend.
    fn elements(&self, bits: u32) -> Result<usize, AuditError> {
        let elements = self.bound.iter().map(|bound| bound.port.bits() / bits).sum::<u32>() as usize;
        // Several clocks have their edges at the same time.
        let is_single = self.role.is_control() && self.role != MapRole::Clock || self.role == MapRole::Addend;
        if elements > 1 && is_single {
            let first = &self.bound[0].port;
            let needed = format!("one element of {bits} bits");
            return Err(self.error(first, first.bits(), needed, "map one port of one element"));
        }
        Ok(elements)
    }
}
