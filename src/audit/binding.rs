//! Which port is which: `--map` and `--tie` held against the ports that there are.

use super::error::AuditError;
use super::ports::{Port, Ports};
use super::role::{Role, Unit};
use super::settings::{Settings, number, words};
use crate::model::TiedInput;
use crate::text::suggestion;

/// A port, and whether the map gave its polarity with `!`.
#[derive(Clone, Debug)]
pub(crate) struct Bound {
    pub port: Port,
    pub inverted: bool,
}

/// The ports of a role, in the order of their elements.
#[derive(Clone, Debug)]
pub(crate) struct Mapped {
    pub role: Role,
    pub ports: Vec<Bound>,
    /// Width of one element.
    pub bits: u32,
    /// Elements of all ports together.
    pub elements: usize,
}

/// What all ports stand for.
#[derive(Clone, Debug)]
pub(crate) struct Binding {
    /// In the order of [`Unit::roles`].
    pub mapped: Vec<Mapped>,
    /// Whole ports.
    pub ties: Vec<TiedInput>,
    /// Some bits of a port and their value.
    pub tied_bits: Vec<(Port, u128)>,
    /// The ties as they were given, for reports.
    pub tied: Vec<(String, String)>,
}

impl Binding {
    pub fn new(
        unit: Unit,
        top: &str,
        ports: &Ports,
        maps: &[String],
        ties: &[String],
        settings: &Settings,
    ) -> Result<Binding, AuditError> {
        let mut taken: Vec<Port> = Vec::new();
        let mut mapped = Vec::new();
        for word in words(maps) {
            let one = map(unit, ports, word, settings)?;
            for bound in &one.ports {
                take(&mut taken, &bound.port)?;
            }
            if mapped.iter().any(|other: &Mapped| other.role == one.role) {
                return Err(AuditError::Twice(format!("the role {}", one.role.name())));
            }
            mapped.push(one);
        }
        let mut binding = Binding { mapped, ties: Vec::new(), tied_bits: Vec::new(), tied: Vec::new() };
        for word in words(ties) {
            binding.tie(ports, word, &mut taken)?;
        }
        for role in unit.required() {
            if binding.role(*role).is_none() {
                let (role, top) = (role.name(), top.to_string());
                return Err(AuditError::MissingRole { role, top, found: ports.shown() });
            }
        }
        let inputs = ports.all().iter().filter(|port| port.member.is_output == Some(false));
        if let Some(port) = inputs.filter_map(|port| port.beside(taken.iter())).next() {
            let roles = unit.roles().iter().filter(|role| !role.is_output());
            let roles = roles.map(|role| role.name()).collect::<Vec<_>>().join(", ");
            return Err(AuditError::Undriven { port: port.name.clone(), bits: port.bits(), roles });
        }
        let place = |mapped: &Mapped| unit.roles().iter().position(|role| *role == mapped.role);
        binding.mapped.sort_by_key(place);
        Ok(binding)
    }

    /// What a role is mapped to.
    pub fn role(&self, role: Role) -> Option<&Mapped> {
        self.mapped.iter().find(|mapped| mapped.role == role)
    }

    /// How many elements a role has; none where it is not mapped.
    pub fn elements(&self, role: Role) -> usize {
        self.role(role).map_or(0, |mapped| mapped.elements)
    }

    /// The width of an element; 0 where the role is not mapped.
    pub fn bits(&self, role: Role) -> u32 {
        self.role(role).map_or(0, |mapped| mapped.bits)
    }

    /// The operands: data that is driven.
    pub fn operands(&self) -> impl Iterator<Item = &Mapped> {
        self.mapped.iter().filter(|mapped| !mapped.role.is_control() && !mapped.role.is_output())
    }

    fn tie(&mut self, ports: &Ports, word: &str, taken: &mut Vec<Port>) -> Result<(), AuditError> {
        let form = || AuditError::Form { option: "--tie", word: word.to_string(), form: "--tie PORT=VALUE" };
        let (name, value) = word.split_once('=').ok_or_else(form)?;
        let port = ports.find(name)?;
        if port.member.is_output == Some(true) {
            let (port, role, found, needed) = (port.name.clone(), "a tie", "output", "input");
            return Err(AuditError::Direction { port, found, role, needed });
        }
        take(taken, &port)?;
        let number = number(value).filter(|&number| {
            let bits = port.width.min(126);
            (-(1i128 << (bits - 1))..1 << bits).contains(&number)
        });
        let number = number.ok_or_else(|| AuditError::Value {
            key: name.to_string(),
            value: value.to_string(),
            expected: format!("a number that fits {} bits, such as 1, -1 or 0x1f", port.width),
        })?;
        match port.is_slice() {
            true => self.tied_bits.push((port, number as u128)),
            false => {
                self.ties.push(TiedInput { member: port.member.name.clone(), bytes: bytes(number, &port) })
            }
        }
        self.tied.push((name.to_string(), value.to_string()));
        Ok(())
    }
}

/// Nothing is driven twice, and no result is read twice.
fn take(taken: &mut Vec<Port>, port: &Port) -> Result<(), AuditError> {
    if taken.iter().any(|other| other.overlaps(port)) {
        return Err(AuditError::Twice(format!("port {}", port.name)));
    }
    taken.push(port.clone());
    Ok(())
}

/// A number as the C++ class stores it, the same in every element.
fn bytes(number: i128, port: &Port) -> Vec<u8> {
    let bits = port.member.bits;
    let size = match bits {
        0..=8 => 1,
        9..=16 => 2,
        17..=32 => 4,
        33..=64 => 8,
        _ => bits.div_ceil(32) as usize * 4,
    };
    let masked = if bits < 127 { number & ((1i128 << bits) - 1) } else { number };
    let mut one = masked.to_le_bytes().to_vec();
    one.resize(size, 0);
    one.repeat(port.member.elements as usize)
}

/// One `ROLE=PORT+PORT` of the map.
fn map(unit: Unit, ports: &Ports, word: &str, settings: &Settings) -> Result<Mapped, AuditError> {
    let form = || AuditError::Form { option: "--map", word: word.to_string(), form: "--map ROLE=PORT" };
    let (name, list) = word.split_once('=').ok_or_else(form)?;
    let roles = unit.roles();
    let (plain, is_low) = name.strip_suffix("_n").map_or((name, false), |plain| (plain, true));
    let role =
        roles.iter().find(|role| role.names().contains(&plain)).ok_or_else(|| AuditError::Unknown {
            unit: unit.name(),
            kind: "role",
            name: name.to_string(),
            hint: suggestion(name, roles.iter().flat_map(|role| role.names().iter().copied())),
            known: roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", "),
        })?;
    let mut bound = Vec::new();
    for word in list.split('+') {
        let (name, inverted) = word.strip_prefix('!').map_or((word, is_low), |name| (name, !is_low));
        let port = ports.find(name)?;
        if port.member.is_output.is_some_and(|is_output| is_output != role.is_output()) {
            let word = |is_output| if is_output { "output" } else { "input" };
            return Err(AuditError::Direction {
                port: port.name,
                found: word(!role.is_output()),
                role: role.name(),
                needed: word(role.is_output()),
            });
        }
        bound.push(Bound { port, inverted });
    }
    let (bits, elements) = sizes(unit, *role, &bound, settings)?;
    Ok(Mapped { role: *role, ports: bound, bits, elements })
}

/// The width of an element and how many there are.
fn sizes(unit: Unit, role: Role, bound: &[Bound], settings: &Settings) -> Result<(u32, usize), AuditError> {
    let first = &bound[0].port;
    let width = |port: &Port, found: u32, needed: String, fix: &str| AuditError::Width {
        port: port.name.clone(),
        found,
        role: role.name(),
        unit: unit.name(),
        needed,
        fix: fix.to_string(),
    };
    let key = role.width_setting();
    let stated = key.map_or(Ok(None), |key| settings.count(key))?;
    let is_vector = bound.len() > 1 || first.member.elements > 1;
    let whole = first.width;
    let bits = match (stated, settings.count("lanes")?) {
        (Some(bits), _) => bits,
        (None, Some(lanes))
            if matches!(role, Role::A | Role::B) && !is_vector && unit != Unit::Multiplier =>
        {
            if !whole.is_multiple_of(lanes) {
                let fix = "give the number of lanes that divides it";
                return Err(width(first, whole, format!("a multiple of {lanes} lanes"), fix));
            }
            whole / lanes
        }
        _ => whole,
    };
    let may_pack =
        key.is_some() && (role != Role::Out || matches!(unit, Unit::Multiplier | Unit::Requantizer));
    for Bound { port, .. } in bound {
        let fits = if may_pack { port.width % bits == 0 } else { port.width == bits };
        if role == Role::Clock && port.is_slice() {
            let (needed, fix) = ("a port of its own".to_string(), "put a module around it that has one");
            return Err(width(port, port.width, needed, fix));
        }
        if !fits || (is_vector && port.width != whole) {
            let needed = format!("{bits} bits an element");
            return Err(width(port, port.width, needed, "correct --set, or map another port"));
        }
        let range = role.widths();
        if !range.contains(&bits) {
            let needed = match (*range.start(), *range.end()) {
                (1, 1) => "1".to_string(),
                (least, most) => format!("{least} to {most}"),
            };
            let fix = match key {
                Some(key) => {
                    format!("map the port that it is, or say with --set {key}=N how wide an element of it is")
                }
                None if role.is_control() => "map a port of one bit".to_string(),
                None => "map the port that it is".to_string(),
            };
            return Err(width(port, bits, needed, &fix));
        }
    }
    let elements = bound.iter().map(|Bound { port, .. }| port.bits() / bits).sum::<u32>() as usize;
    if elements > 1 && (role.is_control() || role == Role::Addend) {
        let fix = "map one port of one element";
        return Err(width(first, first.bits(), format!("one element of {bits}"), fix));
    }
    Ok((bits, elements))
}
