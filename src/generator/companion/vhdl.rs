//! The VHDL package: component declaration, and an instance as a comment.

use serde_json::{Value as Json, json};

use crate::unit::{Config, Direction, Float, Port, Role, is_reserved_in_vhdl};

pub(crate) const TEMPLATE: (&str, &str) = ("vhdl", include_str!("../../../templates/flow/package.vhd.tera"));

/// Types that the declarations use: a component with such a name would hide them.
const USED_TYPES: [&str; 2] = ["std_logic", "std_logic_vector"];

pub(crate) fn context(config: &Config) -> Json {
    let name = config.name();
    let ports = config.ports();
    let names: Vec<String> = ports.iter().map(|port| identifier(port.name)).collect();
    let types: Vec<String> = ports.iter().map(port_type).collect();
    let name_width = names.iter().map(String::len).max().unwrap_or(0);
    let type_width = types.iter().map(String::len).max().unwrap_or(0);
    let last = ports.len() - 1;
    let line = |index: usize| {
        let (port, name, port_type) = (&ports[index], &names[index], &types[index]);
        // The last of the list has no separator.
        let [semicolon, comma] = if index == last { [" ", ""] } else { [";", ","] };
        let direction = match port.direction {
            Direction::Input => "in ",
            Direction::Output => "out",
        };
        let declaration = format!("{name:<name_width$} : {direction} {port_type}{semicolon}");
        let width = name_width + type_width + " : out ;".len();
        json!({
            "declaration": format!("{declaration:<width$}"),
            "comment": comment(port),
            "connection": format!("{name:<name_width$} => {name}{comma}"),
        })
    };
    json!({
        "name": name,
        "version": env!("CARGO_PKG_VERSION"),
        "component": identifier(name),
        "package": identifier(&format!("{name}_pkg")),
        "label": identifier(&format!("u_{name}")),
        "ports": (0..ports.len()).map(line).collect::<Vec<_>>(),
    })
}

fn port_type(port: &Port) -> String {
    match port.width() {
        1 => "std_logic".to_string(),
        width => format!("std_logic_vector({} downto 0)", width - 1),
    }
}

/// The comment of a port: for data of several bits what they mean, because the type does not say it.
fn comment(port: &Port) -> String {
    if port.role != Role::Data || port.width() == 1 {
        return port.help.to_string();
    }
    let element = match (port.float, port.integer.signed) {
        (Some(Float::F32), _) => "binary32".to_string(),
        (Some(float), _) => float.name.to_string(),
        (None, true) => "signed".to_string(),
        (None, false) => "unsigned".to_string(),
    };
    match port.elements {
        1 => format!("{element}: {}", port.help),
        elements => format!("{elements} x {} bits, {element}: {}", port.integer.bits, port.help),
    }
}

/// The VHDL identifier of a Verilog name: an extended one, `\out\`, where the basic one is not legal.
fn identifier(name: &str) -> String {
    let is_basic = !name.ends_with('_')
        && !name.starts_with('_')
        && !name.contains("__")
        && !is_reserved_in_vhdl(name)
        && !USED_TYPES.contains(&name);
    if is_basic { name.to_string() } else { format!("\\{name}\\") }
}
