//! Generated tables of the documents.
//!
//! A document marks the position of a table with a pair of HTML comments, `<!-- table: NAME -->` and
//! `<!-- end of table -->`; everything between them is generated.

use std::fmt::Write;

use super::formats::formats_table;
use super::quality::objectives_table;
use crate::catalogue::{UNITS, presets};
use crate::mutation::{Argument, Baseline};
use crate::network::{FileFormat, LayerCoverage, OpKind, Profile, coverage, file_operators};
use crate::proof::certificate;
use crate::proof::check_specified;
use crate::stimulus::{ExhaustiveStimulus, domain, domain_bits};
use crate::synthesis::QorTable;
use crate::unit::{Config, Unit};

/// Domains of up to this many bits are swept in every run of the tests.
const SWEPT_BITS: u32 = 24;

/// Presets per unit that are named in the table of units.
const NAMED_PRESETS: usize = 3;

const END: &str = "<!-- end of table -->";

/// A generated table of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentTable {
    /// Path of the document from the root of the project, with forward slashes.
    pub document: String,
    /// Name in the marker.
    pub name: &'static str,
    /// Rows in Markdown, each with a line feed.
    pub text: String,
}

/// Error for a document without the marker of its table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{document} does not mark its table; add the lines `{}` and `{END}` where the table belongs", opening(.name)
)]
pub struct MissingMarker {
    /// Path of the document.
    pub document: String,
    /// Name in the marker.
    pub name: &'static str,
}

/// All generated tables.
///
/// They list units, parameters, the verification of each preset, mutation scores, covered network layers, number
/// formats, and synthesis figures.
pub fn tables(baseline: &Baseline, quality: &QorTable) -> Vec<DocumentTable> {
    let parameters = UNITS.iter().map(|unit| DocumentTable {
        document: format!("docs/units/{}.md", unit.name()),
        name: "parameters",
        text: parameter_table(*unit),
    });
    let others = [
        DocumentTable { document: "README.md".to_string(), name: "units", text: unit_table() },
        DocumentTable {
            document: "README.md".to_string(),
            name: "synthesis",
            text: objectives_table(quality),
        },
        DocumentTable {
            document: "docs/verification.md".to_string(),
            name: "presets",
            text: verification_table(),
        },
        DocumentTable {
            document: "docs/mutation.md".to_string(),
            name: "verdicts",
            text: verdict_table(baseline),
        },
        DocumentTable { document: "docs/networks.md".to_string(), name: "coverage", text: coverage_table() },
        DocumentTable { document: "docs/formats.md".to_string(), name: "formats", text: formats_table() },
    ];
    parameters.chain(others).collect()
}

impl DocumentTable {
    /// Returns the document with this table inserted.
    ///
    /// # Errors
    /// [`MissingMarker`] when the document does not mark the position.
    pub fn insert_into(&self, document: &str) -> Result<String, MissingMarker> {
        let opening = opening(self.name);
        let missing = || MissingMarker { document: self.document.clone(), name: self.name };
        let (before, rest) = document.split_once(&opening).ok_or_else(missing)?;
        let (_, after) = rest.split_once(END).ok_or_else(missing)?;
        Ok(format!("{before}{opening}\n\n{}\n{END}{after}", self.text))
    }
}

fn opening(name: &str) -> String {
    format!("<!-- table: {name} -->")
}

fn parameter_table(unit: &dyn Unit) -> String {
    let mut text = "| parameter | legal | default | meaning |\n|---|---|---|---|\n".to_string();
    for parameter in unit.parameters() {
        let legal = parameter.kind.to_string().replace(" | ", ", ");
        let (name, default, help) = (parameter.name, parameter.default_text(), parameter.help);
        writeln!(text, "| `{name}` | {legal} | {default} | {help} |").expect("memory");
    }
    text
}

fn unit_table() -> String {
    let mut text =
        "| unit | what it computes | presets in [rtl/](rtl/README.md) |\n|---|---|---|\n".to_string();
    for unit in UNITS {
        let names: Vec<String> = unit.presets().iter().map(|preset| format!("`{}`", preset.name)).collect();
        let named = names[..names.len().min(NAMED_PRESETS)].join(", ");
        let others = match names.len().saturating_sub(NAMED_PRESETS) {
            0 => String::new(),
            others => format!(" and {others} more"),
        };
        let (name, summary) = (unit.name(), unit.summary());
        writeln!(text, "| [`{name}`](docs/units/{name}.md) | {summary} | {named}{others} |").expect("memory");
    }
    text
}

fn verification_table() -> String {
    let mut text = "| preset | inputs | how | command |\n|---|---|---|---|\n".to_string();
    for config in presets() {
        let coverage = InputCoverage::of(&config);
        let (name, how, command) = (config.name(), coverage.how(&config), coverage.command(&config));
        writeln!(text, "| `{name}` | {} | {how} | `{command}` |", coverage.inputs).expect("memory");
    }
    text
}

fn verdict_table(baseline: &Baseline) -> String {
    let counts = || baseline.presets.values();
    let by = |argument| counts().filter_map(|counts| counts.equivalent.get(&argument)).map(Vec::len).sum();
    let undetected = counts().filter_map(|counts| counts.undetected.as_ref());
    let rows: [(&str, usize); 6] = [
        ("killed", counts().map(|counts| counts.killed).sum()),
        ("equivalent, by combinational miter", by(Argument::CombinationalMiter)),
        ("equivalent, by pipeline flush", by(Argument::PipelineFlush)),
        ("equivalent, by k-induction from reset", by(Argument::KInductionFromReset)),
        ("undetected", undetected.map(|undetected| undetected.mutants.len()).sum()),
        ("survived", counts().map(|counts| counts.survived.len()).sum()),
    ];
    let mut text = "| verdict | mutants |\n|---|---|\n".to_string();
    for (verdict, mutants) in rows {
        writeln!(text, "| {verdict} | {mutants} |").expect("memory");
    }
    text
}

fn coverage_table() -> String {
    let mut text = "| layer | TFLite | ONNX |".to_string();
    Profile::ALL.iter().for_each(|profile| write!(text, " `{profile}` |").expect("memory"));
    text.push_str("\n|---|---|---|---|---|---|---|\n");
    for kind in OpKind::ALL {
        let operators = [FileFormat::Tflite, FileFormat::Onnx].map(|format| file_operators(kind, format));
        write!(text, "| {} | {} | {} |", kind.name(), operators[0], operators[1]).expect("memory");
        for profile in Profile::ALL {
            let cell = match coverage(kind, profile) {
                LayerCoverage::Exact(equations) => format!("exact: {equations}"),
                LayerCoverage::Host(equations) => format!("host: {equations}"),
                LayerCoverage::Refused(remedy) => format!("refused: {remedy}"),
            };
            write!(text, " {cell} |").expect("memory");
        }
        text.push('\n');
    }
    text
}

/// How much of a preset's input space can be swept.
struct InputCoverage {
    /// Size of the input space, or `history` for a unit with state.
    inputs: String,
    bits: u32,
    can_be_swept: bool,
}

impl InputCoverage {
    fn of(config: &Config) -> Self {
        let ports = config.ports();
        let bits = domain_bits(&ports);
        let is_sequential = config.behaviour().has_history();
        let inputs = match domain(&ports) {
            _ if is_sequential => "history".to_string(),
            Some(size) if !size.is_power_of_two() => size.to_string(),
            _ => format!("2^{bits}"),
        };
        Self { inputs, bits, can_be_swept: !is_sequential && bits <= ExhaustiveStimulus::MAX_BITS }
    }

    fn how(&self, config: &Config) -> &'static str {
        if self.can_be_swept && self.bits <= SWEPT_BITS {
            "exhaustive"
        } else if certificate::applies_to(config) {
            "certified"
        } else if check_specified(config).is_ok() {
            "proved"
        } else {
            "sampled"
        }
    }

    fn command(&self, config: &Config) -> String {
        let is_slow = self.can_be_swept && self.bits > SWEPT_BITS;
        let flag = if is_slow { " --exhaustive" } else { "" };
        format!("qrtl verify {}{flag}", config.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> DocumentTable {
        DocumentTable { document: "a.md".to_string(), name: "parameters", text: "| new |\n".to_string() }
    }

    #[test]
    fn replaces_text_between_markers() {
        let document = "# a\n<!-- table: parameters -->\n\n| old |\n\n<!-- end of table -->\nrest\n";
        let expected = document.replace("old", "new");
        assert_eq!(table().insert_into(document), Ok(expected.clone()));
        assert_eq!(table().insert_into(&expected), Ok(expected));
    }

    #[test]
    fn rejects_document_without_markers_with_fix() {
        let error = table().insert_into("# a\n<!-- table: parameters -->\n").unwrap_err();
        let text = error.to_string();
        assert!(text.contains("a.md") && text.contains("<!-- end of table -->"), "{text}");
    }
}
