//! Verilog that would act on the host when its model runs: commands, C code, written files, files read elsewhere.
//!
//! Decided on Verilator's tree of the elaborated design; modules that are not instantiated do not count. A Verilator
//! that does not print its tree is asked for the preprocessed text instead, in which every occurrence counts.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::design_tree;
use super::error::BuildError;
use super::process::{self, first_lines};
use super::verilate::Trace;
use super::verilator::Verilator;

/// Nodes of Verilator's tree, and what they come from.
const NODES: [(&str, &str); 15] = [
    ("SYSTEMT", "$system"),
    ("SYSTEMF", "$system"),
    ("CEXPRUSER", "$c"),
    ("CSTMTUSER", "$c"),
    ("UCFUNC", "$c"),
    ("UCSTMT", "$c"),
    ("FOPENMCD", "$fopen"),
    ("WRITEMEM", "$writememb or $writememh"),
    ("SYSTEMCSECTION", "`systemc_* section"),
    ("SCCTOR", "`systemc_* section"),
    ("SCDTOR", "`systemc_* section"),
    ("SCHDR", "`systemc_* section"),
    ("SCIMP", "`systemc_* section"),
    ("SCIMPHDR", "`systemc_* section"),
    ("SCINT", "`systemc_* section"),
];

/// Words of preprocessed text that stand for such code.
const WORDS: [&str; 7] = ["$system", "$c", "$fopen", "$writemem", "\"DPI", "`systemc_", READMEM];

const READMEM: &str = "$readmem";

/// Node that reads a file into a memory, and the one that opens a file.
const READ: &str = "READMEM";
const OPEN: &str = "FOPEN";

/// A construct that acts on the host.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    /// The construct, such as `$system`.
    construct: String,
    /// ` at line L`, or empty.
    location: String,
    /// Whether it only reads.
    is_read: bool,
}

impl Finding {
    /// A word of a text, which has no lines of a file.
    fn in_text(word: &str) -> Self {
        Self { construct: word.to_string(), location: String::new(), is_read: word == READMEM }
    }

    fn error(self, top: &str) -> BuildError {
        let Self { construct, location, is_read } = self;
        let module = top.to_string();
        if is_read {
            BuildError::HostRead { module, construct, location }
        } else {
            BuildError::HostCode { module, construct, location }
        }
    }
}

/// Whether a text may contain such code, so that Verilator has to be asked: the text has a word of it, or a directive
/// that could hide one, such as a macro or an included file.
pub fn is_suspicious(text: &str) -> bool {
    let mut directives = text.match_indices('`').map(|(start, _)| &text[start + 1..]);
    let is_harmless =
        |directive: &str| ["default_nettype", "timescale"].iter().any(|own| directive.starts_with(own));
    directives.any(|directive| !is_harmless(directive))
        || WORDS.iter().chain(&["$dumpfile"]).any(|word| text.contains(word))
}

/// Rejects a design that would act on the host.
///
/// `arguments` adds files, top module and options to a run of Verilator, which writes into `folder`. A traced model
/// must not choose its waveform file itself. Files below the folders of `readable` may be read. Returns the tree, `None` if Verilator cannot print it.
///
/// # Errors
/// [`BuildError::HostCode`], [`BuildError::HostRead`], [`BuildError::Run`], [`BuildError::Cache`].
pub fn check(
    verilator: &Verilator,
    folder: &Path,
    top: &str,
    trace: Trace,
    readable: &[PathBuf],
    arguments: &dyn Fn(&mut Command),
) -> Result<Option<String>, BuildError> {
    let purpose = format!("checking {top} for code that acts on the host");
    let tree = design_tree::print(verilator, folder, &purpose, arguments)?;
    let found = if let Some(tree) = &tree {
        in_tree(tree, trace, &|name| is_below(name, readable))
    } else {
        let mut command = verilator.command();
        command.args(["-E", "-P"]);
        arguments(&mut command);
        let output = process::output(&mut command, &format!("preprocessing {top}"))?;
        // A design that cannot be checked must not run.
        if !output.status.success() {
            return Err(BuildError::Verilate {
                module: top.to_string(),
                message: first_lines(&output.stderr),
            });
        }
        in_text(&String::from_utf8_lossy(&output.stdout))
    };
    match found {
        None => Ok(tree),
        Some(found) => Err(found.error(top)),
    }
}

/// Rejects preprocessed text that would act on the host in a simulator other than Verilator.
///
/// Another simulator may run modules and branches that Verilator does not, so every occurrence counts.
///
/// # Errors
/// [`BuildError::HostCode`], [`BuildError::HostRead`].
pub fn check_text(top: &str, text: &str) -> Result<(), BuildError> {
    let dump = text.contains("$dump").then(|| Finding::in_text("$dump"));
    in_text(text).or(dump).map_or(Ok(()), |found| Err(found.error(top)))
}

/// The first such node of a tree in JSON; `may_read` decides on names of files.
///
/// Quotes inside of strings are escaped, so that the text of a field cannot be part of a string.
fn in_tree(tree: &str, trace: Trace, may_read: &dyn Fn(&str) -> bool) -> Option<Finding> {
    let finding = |construct: &str, node: &str, is_read| {
        Some(Finding { construct: construct.to_string(), location: line(node), is_read })
    };
    let traced = (trace == Trace::On).then_some(("DUMPCTL", "$dumpfile or $dumpvars"));
    for (kind, construct) in NODES.into_iter().chain(traced) {
        if let Some(node) = nodes(tree, kind).next() {
            return finding(construct, node, false);
        }
    }
    if let Some(node) = nodes(tree, OPEN).find(|node| !is_read_only(node)) {
        return finding("$fopen", node, false);
    }
    if let Some((before, _)) = tree.split_once("\"dpiImport\":true") {
        let start = before.rfind("\"loc\":\"").unwrap_or_default();
        return finding("a DPI import", &tree[start..], false);
    }
    for (kind, construct) in [(READ, READMEM), (OPEN, "$fopen")] {
        for node in nodes(tree, kind) {
            let name = constant(node, "filenamep").map(|(name, _)| name);
            if !name.is_some_and(may_read) {
                let name = name.unwrap_or("a name made at run time");
                return finding(&format!("{construct} of {name}"), node, true);
            }
        }
    }
    None
}

/// The text from each node of a kind on.
fn nodes<'a>(tree: &'a str, kind: &str) -> impl Iterator<Item = &'a str> {
    let field = format!("\"type\":\"{kind}\"");
    let starts: Vec<usize> = tree.match_indices(&field).map(|(start, _)| start).collect();
    starts.into_iter().map(|start| &tree[start..])
}

/// Whether a node `FOPEN` opens its file for reading only: its mode is the constant "r" or "rb".
fn is_read_only(node: &str) -> bool {
    // An expression for the name may contain another `FOPEN` with its own mode.
    let Some((_, rest)) = constant(node, "filenamep") else { return false };
    constant(rest, "modep").is_some_and(|(mode, _)| ["r", "rb"].contains(&mode))
}

/// The string constant that is the operand of a node, and the text after it; `None` for any other expression and for
/// strings with escaped characters.
fn constant<'a>(node: &'a str, operand: &str) -> Option<(&'a str, &'a str)> {
    const START: &str = r#"{"type":"CONST","name":"\\\""#;
    let (_, rest) = node.split_once(&format!("\"{operand}\":"))?;
    let rest = rest.trim_start().strip_prefix('[')?.trim_start().strip_prefix(START)?;
    let (name, rest) = rest.split_once('\\')?;
    Some((name, rest.strip_prefix(r#"\\"""#)?))
}

/// Whether a file that the model names lies below one of the folders. Models run in the current folder.
fn is_below(name: &str, folders: &[PathBuf]) -> bool {
    let Ok(path) = std::path::absolute(name) else { return false };
    let real = path.canonicalize().or_else(|error| {
        // A missing file is below the folder in which it would be.
        let parent = path.parent().filter(|_| path.file_name().is_some()).ok_or(error)?;
        parent.canonicalize()
    });
    let Ok(real) = real else { return false };
    let mut folders = folders.iter().filter_map(|folder| {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        folder.canonicalize().ok()
    });
    folders.any(|folder| real.starts_with(folder))
}

/// ` at line L` of the first location in the text, `e,4:5,4:12`.
fn line(text: &str) -> String {
    let location =
        text.split_once("\"loc\":\"").and_then(|(_, rest)| rest.split(',').nth(1)?.split(':').next());
    location.map_or_else(String::new, |line| format!(" at line {line}"))
}

/// The first word of such code in preprocessed text, which has no comments; words in strings count.
fn in_text(text: &str) -> Option<Finding> {
    let is_part = |word: &str, rest: &str| {
        let next = rest[word.len()..].chars().next();
        // `$c`, `$c1` and `$cpure` are C code, `$clog2` is not.
        word == "$c" && next.is_some_and(|next| next.is_ascii_alphabetic()) && !rest.starts_with("$cpure")
    };
    let found = WORDS
        .into_iter()
        .find(|&word| text.match_indices(word).any(|(start, _)| !is_part(word, &text[start..])))?;
    Some(Finding::in_text(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_modules_are_not_suspicious() {
        let plain = "`timescale 1ns/1ps\n`default_nettype none\nmodule m (input wire a); initial $display(a); endmodule\n";
        assert!(!is_suspicious(plain));
        for hidden in [
            "`define S $sys",
            "`include \"x\"",
            "$system(\"id\")",
            "$c(\"x\")",
            "import \"DPI-C\"",
            "$fopen(\"x\")",
        ] {
            assert!(is_suspicious(&format!("{plain}{hidden}")), "{hidden}");
        }
    }

    /// Construct and location of what is found in a tree.
    fn found(tree: &str) -> Option<(String, String)> {
        let found = in_tree(tree, Trace::Off, &|name| name == "own.hex");
        found.map(|found| (found.construct, found.location))
    }

    fn file_node(kind: &str, name: &str, mode: &str) -> String {
        let operand = |key: &str, text: &str| format!("\"{key}\": [\n {{{text},\"loc\":\"e,9:1,9:2\"}}\n]");
        let name = operand("filenamep", name);
        format!("{{\"type\":\"{kind}\",\"loc\":\"e,7:5,7:9\",\n {name},{}}}", operand("modep", mode))
    }

    fn string(text: &str) -> String {
        format!(r#""type":"CONST","name":"\\\"{text}\\\"""#)
    }

    #[test]
    fn strings_of_a_tree_are_no_nodes() {
        let harmless = r#"{"type":"CONST","name":"\"type\":\"SYSTEMT\"","loc":"d,1:2,1:3"}"#;
        assert_eq!(found(harmless), None);
        let system = r#"{"type":"SYSTEMT","name":"","loc":"e,14:5,14:12"}"#;
        assert_eq!(found(system), Some(("$system".to_string(), " at line 14".to_string())));
    }

    #[test]
    fn names_and_modes_of_files_must_be_constants() {
        let line = || " at line 7".to_string();
        let read = |name: &str| found(&file_node(READ, name, "\"type\":\"X\""));
        assert_eq!(read(&string("own.hex")), None);
        assert_eq!(read(&string("/dev/zero")), Some(("$readmem of /dev/zero".to_string(), line())));
        let unknown = Some(("$readmem of a name made at run time".to_string(), line()));
        assert_eq!(read(r#""type":"VARREF","name":"own.hex""#), unknown);
        assert_eq!(read(&string(r"own.hex\\n")), unknown);

        let open = |name: &str, mode: &str| found(&file_node(OPEN, name, mode));
        assert_eq!(open(&string("own.hex"), &string("r")), None);
        assert_eq!(open(&string("own.hex"), &string("r+")), Some(("$fopen".to_string(), line())));
        assert_eq!(open(&string("other"), &string("rb")), Some(("$fopen of other".to_string(), line())));
        // The mode of the file inside of the name is not that of the file outside.
        let inner = format!("\"lhsp\": [{}]", file_node(OPEN, &string("own.hex"), &string("r")));
        assert_eq!(open(&inner, &string("w")), Some(("$fopen".to_string(), line())));
    }

    #[test]
    fn files_of_a_folder_are_below_it_without_links_and_parents() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("own");
        std::fs::create_dir(&own).unwrap();
        std::fs::write(folder.path().join("other.hex"), "").unwrap();
        let below = |name: &str| is_below(own.join(name).to_str().unwrap(), std::slice::from_ref(&own));
        assert!(below("missing.hex") && below("../own/missing.hex"));
        assert!(!below("../other.hex") && !below("../missing.hex") && !below("missing/../../other.hex"));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.path().join("other.hex"), own.join("link.hex")).unwrap();
            assert!(!below("link.hex"));
        }
        assert!(
            is_below("src/lib.rs", &[PathBuf::new()]) && !is_below("src/lib.rs", &[PathBuf::from("docs")])
        );
    }

    #[test]
    fn preprocessed_text_may_count_bits() {
        let found = |text: &str| in_text(text).map(|found| (found.construct, found.is_read));
        assert_eq!(found("localparam N = $clog2(W);"), None);
        assert_eq!(found("initial $c(\"x\");"), Some(("$c".to_string(), false)));
        assert_eq!(found("initial $c32(\"x\");"), Some(("$c".to_string(), false)));
        assert_eq!(found("initial $readmemb(\"x\", m);"), Some(("$readmem".to_string(), true)));
    }
}
