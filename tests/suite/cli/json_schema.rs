//! `docs/json.md` describes the JSON of every subcommand: its tables are compared with real output.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use qrtl::{Array, Tensor, write_npy};
use serde_json::Value as Json;

use super::{json, text};
use crate::common::command::qrtl;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/json.md");

/// Sections that others refer to as a type.
const PARTS: [&str; 2] = ["Report", "Mutant"];

/// Sections with the command lines that show every field that is not optional; `{}` is a folder.
type Runs = [(&'static str, &'static [&'static str])];

const WITHOUT_TOOLS: &Runs = &[
    ("list", &["list", "list fp8_dot"]),
    ("list of a network", &["list tests/data/networks/convolutions.tflite"]),
    ("doctor", &["doctor"]),
    ("cache", &["cache"]),
    ("quantize", &["quantize {}/x.npy -o {}/c.npz", "quantize {}/x.npy --scheme offset -o {}/o.npz"]),
    ("quantize --dequantize", &["quantize --dequantize {}/c.npz -o {}/r.npy"]),
    ("requantize", &["requantize {}/acc.npy --rule gemmlowp --multiplier 1185020333 --shift -7 -o {}/o.npy"]),
    ("rules", &["rules"]),
    ("rules --compare", &["rules --compare --multiplier 1185020333 --shift -7"]),
    ("rules --identify", &["rules --identify {}/acc.npy {}/o.npy --multiplier 1185020333 --shift -7"]),
    ("bound", &["bound --weights {}/w.npy", "bound --weights {}/w.npy --saturate 12"]),
    ("bound of a network", &["bound tests/data/networks/dense.tflite"]),
];

const SIMULATED: &Runs = &[
    (
        "verify",
        &[
            "verify int2_multiplier int4_mac --cases 1000",
            "verify int4_multiplier --shard 1/2",
            "verify int2_multiplier --rtl {}/wrong.v --failures {}/failures",
        ],
    ),
    ("sweep", &["sweep multiplier --set a_bits=2..=3"]),
    ("ports", &["ports tests/suite/audit/half_up.v --top half_up"]),
    (
        "audit",
        &[
            "audit tests/suite/audit/half_up.v --top half_up --unit requantizer --map acc=x,out=y --cases 1024 \
             --set multiplier=805306368,total_shift=35,zero_point=131",
        ],
    ),
];

const SYNTHESIZED: &Runs = &[
    ("synth", &["synth int2_multiplier --target ice40 --verify"]),
    ("synth of a network", &["synth tests/data/networks/dense.tflite --target ice40"]),
    ("prove", &["prove int2_multiplier", "prove int2_multiplier --rtl {}/wrong.v"]),
    ("mutate", &["mutate int2_multiplier --mutants 20"]),
    ("verify", &["verify int2_multiplier --coverage --four-state"]),
];

/// A row of a table.
#[derive(Clone, Debug)]
struct Row {
    field: String,
    types: Vec<String>,
    is_optional: bool,
}

/// The tables of the page by section, those of [`PARTS`] put in where they are named.
fn tables() -> BTreeMap<String, Vec<Row>> {
    let mut tables: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    let mut section = String::new();
    for line in fs::read_to_string(PAGE).unwrap().lines() {
        if let Some(title) = line.strip_prefix("## ") {
            section = title.to_string();
        }
        let Some((field, rest)) = line.strip_prefix("| `").and_then(|row| row.split_once("` | ")) else {
            continue;
        };
        let (types, _) = rest.split_once(" |").unwrap();
        let kind = types.strip_suffix(", optional");
        let row = Row {
            field: field.to_string(),
            types: kind.unwrap_or(types).split(" or ").map(String::from).collect(),
            is_optional: kind.is_some(),
        };
        tables.entry(section.clone()).or_default().push(row);
    }
    let parts: BTreeMap<&str, Vec<Row>> =
        PARTS.into_iter().map(|part| (part, tables.remove(part).unwrap())).collect();
    let inserted = |row: &Row| match parts.get(row.types[0].as_str()) {
        None => vec![row.clone()],
        Some(rows) => {
            let inner = rows.iter().cloned();
            inner.map(|inner| Row { field: format!("{}.{}", row.field, inner.field), ..inner }).collect()
        }
    };
    tables.into_iter().map(|(section, rows)| (section, rows.iter().flat_map(inserted).collect())).collect()
}

/// Adds path and type of every value that contains no other.
fn leaves(value: &Json, path: &str, found: &mut BTreeSet<(String, &'static str)>) {
    let kind = match value {
        Json::Object(fields) => {
            let dot = if path.is_empty() { "" } else { "." };
            return fields.iter().for_each(|(key, inner)| leaves(inner, &format!("{path}{dot}{key}"), found));
        }
        Json::Array(elements) => {
            return elements.iter().for_each(|inner| leaves(inner, &format!("{path}[]"), found));
        }
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::String(_) => "string",
        Json::Number(number) if number.is_f64() => "number",
        Json::Number(_) => "integer",
    };
    found.insert((path.to_string(), kind));
}

/// Whether a path is the field of a row, or lies below it.
fn is_at_or_below(path: &str, field: &str) -> bool {
    let (mut path, mut field) = (path.split('.'), field.split('.').peekable());
    while let Some(own) = field.next() {
        let Some(segment) = path.next() else { return false };
        let is_equal = own == "*" || segment == own;
        let is_element =
            field.peek().is_none() && segment.strip_prefix(own).is_some_and(|rest| rest.starts_with("[]"));
        if !is_equal && !is_element {
            return false;
        }
    }
    true
}

impl Row {
    fn describes(&self, (path, kind): &(String, &str)) -> bool {
        let has = |kind: &str| self.types.iter().any(|own| own == kind);
        let is_same_depth = path.split('.').count() == self.field.split('.').count();
        let is_exact = is_same_depth && path.ends_with("[]") == self.field.ends_with("[]");
        let fits = has(kind) || (*kind == "integer" && has("number"));
        is_at_or_below(path, &self.field) && (has("any") || (is_exact && fits))
    }

    /// The object or element that the field belongs to, to the last `[]`.
    fn owner(&self) -> &str {
        let parent = self.field.rsplit_once('.').map_or("", |(parent, _)| parent);
        parent.rfind("[]").map_or("", |end| &parent[..end + 2])
    }
}

/// Compares the tables with the output of these runs.
fn compare(runs: &Runs, folder: &Path) {
    let tables = tables();
    for (section, commands) in runs {
        let mut found = BTreeSet::new();
        for command in *commands {
            let command = command.replace("{}", text(folder)) + " --format json";
            let run = qrtl(&command.split_whitespace().collect::<Vec<_>>());
            assert!(run.code < 2, "{command}: {}", run.stderr);
            let mut document = json(&run.stdout);
            assert_eq!(document.as_object_mut().unwrap().remove("schema"), Some(1.into()), "{command}");
            leaves(&document, "", &mut found);
        }
        let rows = &tables[*section];
        for leaf in &found {
            let is_described = rows.iter().any(|row| row.describes(leaf));
            assert!(is_described, "{section}: the page has no {} of type {}", leaf.0, leaf.1);
        }
        for row in rows.iter().filter(|row| !row.is_optional) {
            let occurs =
                |field: &str| field.is_empty() || found.iter().any(|(path, _)| is_at_or_below(path, field));
            assert!(!occurs(row.owner()) || occurs(&row.field), "{section}: no output has {}", row.field);
        }
    }
}

/// A folder with arrays, and with a multiplier that takes b as unsigned.
fn inputs() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, array: Array| write_npy(&folder.path().join(name), &array).unwrap();
    let reals = (0..24).map(|index| index as f32 / 12.0 - 1.0).collect();
    write("x.npy", Array::Float32(Tensor::new(vec![4, 6], reals).unwrap()));
    write("w.npy", Array::Int8(Tensor::new(vec![4, 6], (-12..12).collect()).unwrap()));
    let accumulators: Vec<i32> = (-5000..5000).step_by(7).collect();
    write("acc.npy", Array::Int32(Tensor::new(vec![accumulators.len()], accumulators).unwrap()));
    let verilog =
        include_str!("../../../rtl/multiplier/int2_multiplier.v").replace("* b;", "* $signed({1'b0, b});");
    fs::write(folder.path().join("wrong.v"), verilog).unwrap();
    folder
}

#[test]
fn page_describes_the_json_of_commands_without_tools() {
    compare(WITHOUT_TOOLS, inputs().path());
}

#[test]
fn page_describes_the_json_of_simulations() {
    compare(SIMULATED, inputs().path());
}

#[test]
#[ignore = "needs Yosys, bitwuzla and Icarus Verilog"]
fn page_describes_the_json_of_synthesis_and_solvers() {
    compare(SYNTHESIZED, inputs().path());
}

#[test]
fn every_section_of_the_page_is_compared() {
    let compared =
        [WITHOUT_TOOLS, SIMULATED, SYNTHESIZED].into_iter().flatten().map(|(section, _)| section.to_string());
    assert_eq!(compared.collect::<BTreeSet<_>>(), tables().into_keys().collect());
}
