//! Verilator's tree of an elaborated design: types of ports, and signals of interfaces.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

use super::error::BuildError;
use super::process;
use super::verilator::Verilator;

/// Asks Verilator for the tree of a design as JSON.
///
/// `arguments` adds files, top module and options; Verilator writes into `folder`. `None` if this Verilator
/// cannot print the tree of the design.
///
/// # Errors
/// [`BuildError::Run`], [`BuildError::Cache`].
pub fn print(
    verilator: &Verilator,
    folder: &Path,
    purpose: &str,
    arguments: &dyn Fn(&mut Command),
) -> Result<Option<String>, BuildError> {
    let tree = folder.join("tree.json");
    let mut command = verilator.command();
    command.args(["--json-only", "-Wno-fatal", "--json-only-output"]).arg(&tree).arg("--Mdir").arg(folder);
    arguments(&mut command);
    let output = process::output(&mut command, purpose)?;
    if !output.status.success() {
        return Ok(None);
    }
    let text = fs::read(&tree).map_err(BuildError::cache(&tree))?;
    Ok(Some(String::from_utf8_lossy(&text).into_owned()))
}

/// A packed type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedType {
    /// Width.
    pub bits: u32,
    /// Named parts.
    pub shape: Shape,
}

/// The names that a packed type has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// None.
    Plain,
    /// Names of values.
    Enum(Vec<(String, i128)>),
    /// Fields, the first with the highest bits.
    Struct(Vec<(String, PackedType)>),
}

/// A signal of a modport.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModportSignal {
    /// Name of the signal.
    pub name: String,
    /// Whether the module drives it.
    pub is_output: bool,
    /// Width.
    pub bits: u32,
}

/// A parsed tree.
#[derive(Clone, Debug)]
pub struct DesignTree {
    modules: Vec<Json>,
    types: HashMap<String, Json>,
}

impl DesignTree {
    /// Parses the text of [`print`], `None` if it is not such a tree.
    pub fn parse(text: &str) -> Option<Self> {
        let tree: Json = serde_json::from_str(text).ok()?;
        let modules = tree["modulesp"].as_array()?.clone();
        let tables = tree["miscsp"].as_array()?.iter().filter(|node| node["type"] == "TYPETABLE");
        let nodes = tables.filter_map(|table| table["typesp"].as_array()).flatten();
        let types =
            nodes.filter_map(|node| Some((node["addr"].as_str()?.to_string(), node.clone()))).collect();
        Some(Self { modules, types })
    }

    /// The type of a port, `None` if it is unknown or not packed.
    pub fn port_type(&self, module: &str, port: &str) -> Option<PackedType> {
        self.packed(self.variable("MODULE", module, port)?["dtypep"].as_str()?)
    }

    /// Whether a port is an output, `None` if the module has no such port.
    pub fn is_output(&self, module: &str, port: &str) -> Option<bool> {
        match self.variable("MODULE", module, port)?["direction"].as_str()? {
            "INPUT" => Some(false),
            "OUTPUT" => Some(true),
            _ => None,
        }
    }

    /// The parameters of a module with their values, `None` for one that is not an integer.
    pub fn parameters(&self, module: &str) -> Vec<(String, Option<i128>)> {
        let statements = self.statements("MODULE", module).into_iter().flatten();
        let parameters = statements.filter(|node| node["type"] == "VAR" && node["varType"] == "GPARAM");
        let parameter = |node: &Json| {
            let value =
                node["valuep"].as_array().and_then(|values| constant(values.first()?["name"].as_str()?));
            Some((node["name"].as_str()?.to_string(), value))
        };
        parameters.filter_map(parameter).collect()
    }

    /// The signals of a modport of an interface that is instantiated with its default parameters.
    pub fn modport(&self, interface: &str, modport: &str) -> Option<Vec<ModportSignal>> {
        let statements = self.statements("IFACE", interface)?;
        let modport = statements.iter().find(|node| node["type"] == "MODPORT" && node["name"] == modport)?;
        let signal = |reference: &Json| {
            let name = reference["name"].as_str()?;
            let variable = self.variable("IFACE", interface, name)?;
            let is_output = reference["direction"] == "OUTPUT";
            let bits = self.packed(variable["dtypep"].as_str()?)?.bits;
            Some(ModportSignal { name: name.to_string(), is_output, bits })
        };
        modport["varsp"].as_array()?.iter().map(signal).collect()
    }

    fn statements(&self, kind: &str, name: &str) -> Option<&Vec<Json>> {
        let is_named = |module: &&Json| module["type"] == kind && module["origName"] == name;
        self.modules.iter().find(is_named)?["stmtsp"].as_array()
    }

    /// A variable or port of a module or interface.
    fn variable(&self, kind: &str, owner: &str, name: &str) -> Option<&Json> {
        self.statements(kind, owner)?.iter().find(|node| node["type"] == "VAR" && node["name"] == name)
    }

    fn packed(&self, address: &str) -> Option<PackedType> {
        let node = self.types.get(address)?;
        let inner = || self.packed(node["refDTypep"].as_str()?);
        match node["type"].as_str()? {
            "BASICDTYPE" => Some(PackedType { bits: basic_bits(node)?, shape: Shape::Plain }),
            "REFDTYPE" => inner(),
            "ENUMDTYPE" => {
                let items = node["itemsp"].as_array()?.iter().filter_map(|item| {
                    let value = item["valuep"].as_array()?.first()?["name"].as_str()?;
                    Some((item["name"].as_str()?.to_string(), constant(value)?))
                });
                Some(PackedType { bits: inner()?.bits, shape: Shape::Enum(items.collect()) })
            }
            "PACKARRAYDTYPE" => {
                let count = range_bits(node["declRange"].as_str()?.trim_matches(['[', ']']))?;
                Some(PackedType { bits: inner()?.bits.checked_mul(count)?, shape: Shape::Plain })
            }
            "STRUCTDTYPE" => {
                let field = |member: &Json| {
                    let name = member["name"].as_str()?.to_string();
                    Some((name, self.packed(member["dtypep"].as_str()?)?))
                };
                let fields: Vec<(String, PackedType)> =
                    node["membersp"].as_array()?.iter().map(field).collect::<Option<_>>()?;
                let bits = fields.iter().try_fold(0u32, |bits, (_, field)| bits.checked_add(field.bits))?;
                Some(PackedType { bits, shape: Shape::Struct(fields) })
            }
            _ => None,
        }
    }
}

/// The width of a basic type.
fn basic_bits(node: &Json) -> Option<u32> {
    if let Some(range) = node["range"].as_str() {
        return range_bits(range);
    }
    match node["keyword"].as_str()? {
        "logic" | "bit" => Some(1),
        "byte" => Some(8),
        "shortint" => Some(16),
        "int" | "integer" => Some(32),
        "longint" => Some(64),
        _ => None,
    }
}

/// The width of a range such as `7:0`.
fn range_bits(range: &str) -> Option<u32> {
    let (left, right) = range.split_once(':')?;
    let distance = left.parse::<i32>().ok()?.abs_diff(right.parse().ok()?);
    distance.checked_add(1)
}

/// The value of a constant such as `2'h1` or `32'sh5`.
fn constant(text: &str) -> Option<i128> {
    let (_, digits) = text.split_once('h')?;
    i128::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_enum_values_of_a_port_are_read() {
        let tree = r#"{"modulesp":[{"type":"MODULE","name":"m","origName":"m","stmtsp":[
            {"type":"VAR","name":"p","dtypep":"(R)"}]}],
            "miscsp":[{"type":"TYPETABLE","typesp":[
            {"type":"REFDTYPE","addr":"(R)","refDTypep":"(S)"},
            {"type":"STRUCTDTYPE","addr":"(S)","membersp":[
                {"name":"mode","dtypep":"(E)"},{"name":"rest","dtypep":"(A)"}]},
            {"type":"ENUMDTYPE","addr":"(E)","refDTypep":"(L)","itemsp":[
                {"name":"ON","valuep":[{"name":"2'h3"}]}]},
            {"type":"PACKARRAYDTYPE","addr":"(A)","refDTypep":"(L)","declRange":"[3:0]"},
            {"type":"BASICDTYPE","addr":"(L)","keyword":"logic","range":"1:0"}]}]}"#;
        let mode = PackedType { bits: 2, shape: Shape::Enum(vec![("ON".to_string(), 3)]) };
        let rest = PackedType { bits: 8, shape: Shape::Plain };
        let fields = vec![("mode".to_string(), mode), ("rest".to_string(), rest)];
        let expected = PackedType { bits: 10, shape: Shape::Struct(fields) };
        assert_eq!(DesignTree::parse(tree).unwrap().port_type("m", "p"), Some(expected));
        assert_eq!(DesignTree::parse(tree).unwrap().port_type("m", "q"), None);
        assert!(DesignTree::parse("{}").is_none());
    }
}
