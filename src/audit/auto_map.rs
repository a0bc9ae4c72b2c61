//! Guesses the roles of ports from their names, directions and widths.

use super::design_kind::DesignKind;
use super::error::AuditError;
use super::ports::{DesignPort, DesignPorts};
use super::role::MapRole;
use super::settings::{Settings, split_list};

/// The value of `--map` that asks for a guess.
const AUTO: &str = "auto";

/// Parts of a name that say nothing about the role.
const PREFIXES: [&str; 7] = ["s_axis_", "m_axis_", "i_", "o_", "in_", "out_", "a"];
const SUFFIXES: [&str; 7] = ["_i", "_o", "_in", "_out", "_ni", "_n", "_data"];

/// Common names of the ports of a role, the most specific first.
fn names(role: MapRole) -> &'static [&'static str] {
    match role {
        MapRole::Clock => &["clk", "clock", "ck"],
        MapRole::Reset => &["rst", "reset", "rstn", "resetn", "nrst", "srst"],
        MapRole::Enable => &["en", "enable", "ce", "ready"],
        MapRole::ValidIn => &["valid_in", "in_valid", "valid", "vld", "start", "go", "load"],
        MapRole::ValidOut => &["valid_out", "out_valid", "valid", "vld", "done"],
        MapRole::Clear => &["clear", "clr", "first", "init"],
        MapRole::Last => &["last", "tlast"],
        MapRole::Acc => &["acc", "accumulator", "x", "sum", "value", "data"],
        MapRole::Multiplier => &["multiplier", "mult", "scale", "m", "k", "factor"],
        MapRole::TotalShift => &["total_shift", "shift", "right_shift", "exponent", "amount", "shamt"],
        MapRole::RightShift | MapRole::Shift => &[],
        MapRole::ZeroPoint => &["zero_point", "zp", "z", "offset"],
        MapRole::Bias => &["bias"],
        MapRole::A => &["a", "op_a", "x", "multiplicand", "activation", "lhs"],
        MapRole::B => &["b", "op_b", "w", "weight", "y", "k", "multiplier", "rhs"],
        MapRole::Addend => &["c", "addend", "psum"],
        MapRole::Out => {
            &["out", "q", "y", "p", "product", "result", "res", "sum", "code", "dot", "acc", "z", "data"]
        }
    }
}

/// Whether the map is to be guessed.
pub(crate) fn is_requested(maps: &[String]) -> bool {
    maps.iter().all(|map| map == AUTO)
}

/// The maps to try, the likeliest first; they differ in the meaning of the shift.
///
/// # Errors
/// [`AuditError::AmbiguousMap`] if a port or a required role remains.
pub(crate) fn guess(
    kind: DesignKind,
    top: &str,
    ports: &DesignPorts,
    ties: &[String],
    settings: &Settings,
) -> Result<Vec<String>, AuditError> {
    let mut guess = Guess::new(ports, ties);
    for &role in kind.roles().iter().filter(|role| !settings.has(role.name())) {
        guess.assign_by_name(role);
    }
    guess.assign_the_rest(kind);
    let missing = kind.required().iter().any(|&role| guess.port(role).is_none());
    let is_open = |port: &&DesignPort| port.member.is_output == Some(false) || missing;
    let open: Vec<&str> = guess.free.iter().filter(is_open).map(|port| port.name.as_str()).collect();
    if missing || !open.is_empty() {
        let roles = kind.roles().iter().map(|role| role.name()).collect::<Vec<_>>().join(", ");
        let (ports, map) = (open.join(", "), guess.map(None));
        return Err(AuditError::AmbiguousMap { top: top.to_string(), ports, map, roles });
    }
    let has_product = guess.port(MapRole::Multiplier).is_some() || settings.has("multiplier");
    let shifts = [MapRole::TotalShift, MapRole::RightShift, MapRole::Shift];
    Ok(match guess.port(MapRole::TotalShift) {
        Some(_) if has_product => shifts.map(|shift| guess.map(Some(shift))).to_vec(),
        _ => vec![guess.map(None)],
    })
}

/// Ports that have a role already, and those that have none.
struct Guess {
    free: Vec<DesignPort>,
    assigned: Vec<(MapRole, DesignPort)>,
}

impl Guess {
    fn new(ports: &DesignPorts, ties: &[String]) -> Self {
        let tied: Vec<&str> = split_list(ties).filter_map(|tie| tie.split(['=', '[', '.']).next()).collect();
        let free = ports.all().iter().filter(|port| !tied.contains(&port.name.as_str()));
        Self { free: free.cloned().collect(), assigned: Vec::new() }
    }

    fn port(&self, role: MapRole) -> Option<&DesignPort> {
        self.assigned.iter().find(|(own, _)| *own == role).map(|(_, port)| port)
    }

    fn assign(&mut self, role: MapRole, index: usize) {
        let port = self.free.remove(index);
        self.assigned.push((role, port));
    }

    /// Assigns the port whose name is the most specific for the role.
    fn assign_by_name(&mut self, role: MapRole) {
        for name in names(role) {
            let fits =
                |port: &DesignPort| can_be(port, role) && variants(&port.name).contains(&(*name).to_string());
            if let Some(index) = self.free.iter().position(fits) {
                return self.assign(role, index);
            }
        }
    }

    /// Assigns ports that are the only ones left for a required role.
    fn assign_the_rest(&mut self, kind: DesignKind) {
        let open: Vec<MapRole> =
            kind.required().iter().copied().filter(|&role| self.port(role).is_none()).collect();
        for is_output in [false, true] {
            let roles: Vec<MapRole> =
                open.iter().copied().filter(|role| role.is_output() == is_output).collect();
            let Some(&first) = roles.first() else { continue };
            let left = self.free.iter().filter(|port| can_be(port, first)).count();
            if left != roles.len() {
                continue;
            }
            for role in roles {
                if let Some(index) = self.free.iter().position(|port| can_be(port, role)) {
                    self.assign(role, index);
                }
            }
        }
    }

    /// The map, with another role for the shift if one is given.
    fn map(&self, shift: Option<MapRole>) -> String {
        let words = self.assigned.iter().map(|(role, port)| {
            let role = if *role == MapRole::TotalShift { shift.unwrap_or(*role) } else { *role };
            format!("{}={}", role.name(), port.name)
        });
        words.collect::<Vec<_>>().join(",")
    }
}

/// Whether direction and width of a port fit a role.
fn can_be(port: &DesignPort, role: MapRole) -> bool {
    let is_bit = port.bits() == 1;
    port.member.is_output.is_none_or(|is_output| is_output == role.is_output()) && is_bit == role.is_control()
}

/// The name of a port in lower case, with and without what says nothing about its role.
fn variants(name: &str) -> Vec<String> {
    let name = name.to_lowercase();
    let mut variants = vec![name.clone()];
    variants.extend(PREFIXES.iter().filter_map(|prefix| name.strip_prefix(prefix)).map(str::to_string));
    let ends = variants.clone();
    for own in &ends {
        variants.extend(SUFFIXES.iter().filter_map(|suffix| own.strip_suffix(suffix)).map(str::to_string));
    }
    variants
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toolchain::verilate::Member;

    fn ports(ports: &[(&str, bool, u32)]) -> DesignPorts {
        let member = |&(name, is_output, bits): &(&str, bool, u32)| Member {
            name: name.to_string(),
            is_output: Some(is_output),
            bits,
            elements: 1,
        };
        DesignPorts::new("top", &ports.iter().map(member).collect::<Vec<_>>())
    }

    #[test]
    fn roles_follow_names_directions_and_widths() {
        let design = ports(&[
            ("aclk", false, 1),
            ("rst_ni", false, 1),
            ("valid_i", false, 1),
            ("acc_i", false, 32),
            ("mult", false, 16),
            ("shift", false, 5),
            ("valid_o", true, 1),
            ("code_o", true, 8),
        ]);
        let maps = guess(DesignKind::Requantizer, "top", &design, &[], &Settings::default()).unwrap();
        assert_eq!(maps.len(), 3);
        for word in
            ["clk=aclk", "rst=rst_ni", "valid_in=valid_i", "acc=acc_i", "multiplier=mult", "out=code_o"]
        {
            assert!(maps[0].split(',').any(|own| own == word), "{word}: {}", maps[0]);
        }
        assert!(maps[0].contains("total_shift=shift") && maps[1].contains("right_shift=shift"));
    }

    #[test]
    fn ports_that_remain_are_asked_for() {
        let design = ports(&[("u", false, 8), ("v", false, 8), ("mode", false, 2), ("r", true, 16)]);
        let guess =
            |ties: &[String]| guess(DesignKind::Multiplier, "top", &design, ties, &Settings::default());
        assert!(matches!(guess(&[]), Err(AuditError::AmbiguousMap { ports, .. }) if ports.contains("mode")));
        assert_eq!(guess(&["mode=1".to_string()]).unwrap(), ["a=u,b=v,out=r"]);
    }
}
