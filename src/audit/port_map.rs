//! Roles and constants of all ports: `--map` and `--tie` checked against the design.

use super::design_kind::DesignKind;
use super::error::AuditError;
use super::ports::{DesignPort, DesignPorts};
use super::role::MapRole;
use super::role_ports::RolePorts;
use super::rows::CONTROL_ROLES;
use super::settings::{Settings, parse_integer, split_list};
use crate::model::TiedInput;

/// The role or constant of every port that the audit uses.
#[derive(Clone, Debug)]
pub(crate) struct PortMap {
    /// Mapped roles in the order of [`DesignKind::roles`].
    pub roles: Vec<RolePorts>,
    /// Constants for whole ports.
    pub ties: Vec<TiedInput>,
    /// Constants for slices of ports.
    pub tied_slices: Vec<(DesignPort, u128)>,
    /// Ports and values of all constants as given, for reports.
    pub tie_texts: Vec<(String, String)>,
    /// Inputs that are driven at random, because they must not matter.
    pub ignored: Vec<DesignPort>,
    /// Control inputs that are active low, by map or measurement, in the order of [`CONTROL_ROLES`].
    pub active_low: [bool; 5],
    /// Constants that are assumed for other fields of a struct or an interface, as `PORT=VALUE`.
    pub assumed: Vec<String>,
}

impl PortMap {
    /// Parses `--map` and `--tie`, which must cover every input.
    pub fn new(
        kind: DesignKind,
        top: &str,
        ports: &DesignPorts,
        maps: &[String],
        ties: &[String],
        settings: &Settings,
    ) -> Result<Self, AuditError> {
        let mut used = UsedPorts::default();
        let mut map = Self {
            roles: Vec::new(),
            ties: Vec::new(),
            tied_slices: Vec::new(),
            tie_texts: Vec::new(),
            ignored: Vec::new(),
            active_low: [false; 5],
            assumed: Vec::new(),
        };
        for word in split_list(maps) {
            if map.add_unused(ports, word, &mut used)? {
                continue;
            }
            let role_ports = RolePorts::parse(kind, ports, word, settings)?;
            for bound in &role_ports.ports {
                used.add(&bound.port)?;
            }
            if map.role(role_ports.role).is_some() {
                return Err(AuditError::Duplicate(format!("the role {}", role_ports.role.name())));
            }
            map.roles.push(role_ports);
        }
        for word in split_list(ties) {
            map.add_tie(ports, word, &mut used)?;
        }
        if let Some(role) = kind.required().iter().find(|role| map.role(**role).is_none()) {
            let (role, top) = (role.name(), top.to_string());
            return Err(AuditError::MissingRole { role, top, ports: ports.describe() });
        }
        map.assume_fields(ports, &mut used)?;
        used.check_inputs(kind, ports)?;
        map.join_accumulator(kind)?;
        map.roles.sort_by_key(|mapped| kind.roles().iter().position(|role| *role == mapped.role));
        Ok(map)
    }

    /// The assignments of roles as `--map` takes them, in the polarity that was measured.
    pub fn assignments(&self) -> Vec<String> {
        let text = |mapped: &RolePorts| {
            let control = CONTROL_ROLES.iter().position(|role| *role == mapped.role);
            let is_low = control.map_or_else(
                || mapped.ports.iter().any(|bound| bound.inverted),
                |control| self.active_low[control],
            );
            format!("{}={}{}", mapped.role.name(), if is_low { "!" } else { "" }, mapped.names())
        };
        let unused = self.ignored.iter().map(|port| format!("any={}", port.name));
        self.roles.iter().map(text).chain(unused).collect()
    }

    /// Parses `low=PORT`, `high=PORT` and `any=PORT`: inputs without a function. Returns whether it is one of them.
    fn add_unused(
        &mut self,
        ports: &DesignPorts,
        word: &str,
        used: &mut UsedPorts,
    ) -> Result<bool, AuditError> {
        let Some((role @ ("low" | "high" | "any"), list)) = word.split_once('=') else { return Ok(false) };
        for name in list.split('+') {
            match role {
                "low" => self.add_tie(ports, &format!("{name}=0"), used)?,
                "high" => self.add_tie(ports, &format!("{name}=-1"), used)?,
                _ => {
                    let port = ports.find(name)?;
                    if port.member.is_output == Some(true) {
                        return Err(AuditError::TiedOutput(port.name));
                    }
                    used.add(&port)?;
                    self.ignored.push(port);
                }
            }
        }
        Ok(true)
    }

    /// Ties the fields that are not named of structs and interfaces of which another field is.
    ///
    /// What says that data are valid or taken is 1, and everything else 0.
    fn assume_fields(&mut self, ports: &DesignPorts, used: &mut UsedPorts) -> Result<(), AuditError> {
        let named: Vec<String> = used
            .0
            .iter()
            .filter_map(|port| port.name.split_once('.'))
            .map(|(base, _)| base.to_string())
            .collect();
        let inputs = ports.all().iter().filter(|port| port.member.is_output == Some(false));
        let fields = inputs.flat_map(|port| match port.name.split_once('.') {
            Some((base, _)) if named.iter().any(|name| name == base) => vec![port.name.clone()],
            None if named.contains(&port.name) => ports.fields(&port.name),
            _ => Vec::new(),
        });
        for name in fields.collect::<Vec<_>>() {
            let field = ports.find(&name)?;
            if used.0.iter().any(|other| other.overlaps(&field)) {
                continue;
            }
            let flows =
                ["valid", "ready", "en", "enable"].iter().any(|word| name.ends_with(&format!(".{word}")));
            let word = format!("{name}={}", u8::from(flows && field.width == 1));
            self.add_tie(ports, &word, used)?;
            self.assumed.push(word);
        }
        Ok(())
    }

    /// Makes several accumulator ports the parts of one, the first the lowest, if there is one output.
    fn join_accumulator(&mut self, kind: DesignKind) -> Result<(), AuditError> {
        let results = self.elements(MapRole::Out);
        for mapped in &mut self.roles {
            let is_split = mapped.role == MapRole::Acc && mapped.ports.len() > 1 && !mapped.is_joined;
            if is_split && results == 1 && mapped.elements == mapped.ports.len() {
                *mapped = mapped.clone().joined(kind)?;
            }
        }
        Ok(())
    }

    /// The ports of a role, `None` if it is not mapped.
    pub fn role(&self, role: MapRole) -> Option<&RolePorts> {
        self.roles.iter().find(|mapped| mapped.role == role)
    }

    /// The number of elements of a role, 0 if it is not mapped.
    pub fn elements(&self, role: MapRole) -> usize {
        self.role(role).map_or(0, |mapped| mapped.elements)
    }

    /// The width of one element of a role, 0 if it is not mapped.
    pub fn bits(&self, role: MapRole) -> u32 {
        self.role(role).map_or(0, |mapped| mapped.bits)
    }

    /// The operands: mapped data inputs.
    pub fn operands(&self) -> impl Iterator<Item = &RolePorts> {
        self.roles.iter().filter(|mapped| !mapped.role.is_control() && !mapped.role.is_output())
    }

    /// The widths of all operand elements, in the order of the stimulus.
    pub fn operand_widths(&self) -> Vec<u32> {
        self.operands().flat_map(|mapped| vec![mapped.bits; mapped.elements]).collect()
    }

    fn add_tie(&mut self, ports: &DesignPorts, word: &str, used: &mut UsedPorts) -> Result<(), AuditError> {
        let malformed = || AuditError::NotAnAssignment {
            option: "--tie",
            word: word.to_string(),
            form: "--tie PORT=VALUE",
        };
        let (name, value) = word.split_once('=').ok_or_else(malformed)?;
        let port = ports.find(name)?;
        if port.member.is_output == Some(true) {
            return Err(AuditError::TiedOutput(port.name));
        }
        used.add(&port)?;
        let bits = port.width.min(126);
        let range = -(1i128 << (bits - 1))..1 << bits;
        let invalid = || AuditError::InvalidValue {
            key: name.to_string(),
            value: value.to_string(),
            expected: format!("a number that fits {} bits, such as 1, -1 or 0x1f", port.width),
        };
        let number = parse_integer(value).or_else(|| ports.enum_value(name, value));
        let number = number.filter(|number| range.contains(number)).ok_or_else(invalid)?;
        if port.is_slice() {
            self.tied_slices.push((port, number as u128));
        } else {
            let bytes = member_bytes(number, &port);
            self.ties.push(TiedInput { member: port.member.name, bytes });
        }
        self.tie_texts.push((name.to_string(), value.to_string()));
        Ok(())
    }
}

/// Ports and slices that already have a role or a constant.
#[derive(Default)]
struct UsedPorts(Vec<DesignPort>);

impl UsedPorts {
    /// Adds a port that no earlier one overlaps.
    fn add(&mut self, port: &DesignPort) -> Result<(), AuditError> {
        if self.0.iter().any(|other| other.overlaps(port)) {
            return Err(AuditError::Duplicate(format!("port {}", port.name)));
        }
        self.0.push(port.clone());
        Ok(())
    }

    /// Rejects inputs of the design with bits that are not used.
    fn check_inputs(&self, kind: DesignKind, ports: &DesignPorts) -> Result<(), AuditError> {
        let mut inputs = ports.all().iter().filter(|port| port.member.is_output == Some(false));
        let Some(port) = inputs.find_map(|port| port.first_gap(self.0.iter())) else { return Ok(()) };
        let roles = kind.roles().iter().filter(|role| !role.is_output());
        let roles = roles.map(|role| role.name()).collect::<Vec<_>>().join(", ");
        let fields = ports.describe_fields(&port.name);
        Err(AuditError::UndrivenInput { port: port.name.clone(), bits: port.bits(), roles, fields })
    }
}

/// The bytes of a C++ class member in which every element has the same value.
fn member_bytes(number: i128, port: &DesignPort) -> Vec<u8> {
    let bits = port.member.bits;
    let size = match bits {
        0..=8 => 1,
        9..=16 => 2,
        17..=32 => 4,
        33..=64 => 8,
        _ => bits.div_ceil(32) as usize * 4,
    };
    let masked = if bits < 127 { number & ((1i128 << bits) - 1) } else { number };
    let mut element = masked.to_le_bytes().to_vec();
    element.resize(size, 0);
    element.repeat(port.member.elements as usize)
}
