//! Verilog that would act on the host when its model runs: commands, C code, written files.
//!
//! Decided on Verilator's tree of the elaborated design; modules that are not instantiated do not count. A Verilator
//! that does not print its tree is asked for the preprocessed text instead, in which every occurrence counts.

use std::path::Path;
use std::process::Command;

use super::design_tree;
use super::error::BuildError;
use super::process::{self, first_lines};
use super::verilate::Trace;
use super::verilator::Verilator;

/// Nodes of Verilator's tree, and what they come from.
const NODES: [(&str, &str); 16] = [
    ("SYSTEMT", "$system"),
    ("SYSTEMF", "$system"),
    ("CEXPRUSER", "$c"),
    ("CSTMTUSER", "$c"),
    ("UCFUNC", "$c"),
    ("UCSTMT", "$c"),
    ("FOPEN", "$fopen"),
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
const WORDS: [&str; 6] = ["$system", "$c", "$fopen", "$writemem", "\"DPI", "`systemc_"];

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
/// must not choose its waveform file itself. Returns the tree, `None` if Verilator cannot print it.
///
/// # Errors
/// [`BuildError::HostCode`], [`BuildError::Run`], [`BuildError::Cache`].
pub fn check(
    verilator: &Verilator,
    folder: &Path,
    top: &str,
    trace: Trace,
    arguments: &dyn Fn(&mut Command),
) -> Result<Option<String>, BuildError> {
    let purpose = format!("checking {top} for code that acts on the host");
    let tree = design_tree::print(verilator, folder, &purpose, arguments)?;
    let found = if let Some(tree) = &tree {
        in_tree(tree, trace)
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
        Some((construct, location)) => {
            Err(BuildError::HostCode { module: top.to_string(), construct, location })
        }
    }
}

/// The first such node of a tree in JSON: its name and ` at line L`.
///
/// Quotes inside of strings are escaped, so that the text of a field cannot be part of a string.
fn in_tree(tree: &str, trace: Trace) -> Option<(&'static str, String)> {
    let traced = (trace == Trace::On).then_some(("DUMPCTL", "$dumpfile or $dumpvars"));
    for (node, construct) in NODES.into_iter().chain(traced) {
        let field = format!("\"type\":\"{node}\"");
        let mut nodes = tree.match_indices(&field).map(|(start, _)| &tree[start..]);
        if let Some(found) = nodes.find(|node| construct != "$fopen" || !is_read_only(node)) {
            return Some((construct, line(found)));
        }
    }
    let (before, _) = tree.split_once("\"dpiImport\":true")?;
    let start = before.rfind("\"loc\":\"")?;
    Some(("a DPI import", line(&tree[start..])))
}

/// Whether a node `FOPEN` opens its file for reading only: its mode is the constant "r" or "rb".
fn is_read_only(node: &str) -> bool {
    let mode = node.split_once("\"modep\"").and_then(|(_, rest)| rest.split_once("\"name\":\""));
    mode.is_some_and(|(_, name)| [r#"\\\"r\\\""#, r#"\\\"rb\\\""#].iter().any(|read| name.starts_with(read)))
}

/// ` at line L` of the first location in the text, `e,4:5,4:12`.
fn line(text: &str) -> String {
    let location =
        text.split_once("\"loc\":\"").and_then(|(_, rest)| rest.split(',').nth(1)?.split(':').next());
    location.map_or_else(String::new, |line| format!(" at line {line}"))
}

/// The first word of such code in preprocessed text, which has no comments; words in strings count.
fn in_text(text: &str) -> Option<(&'static str, String)> {
    let is_part = |word: &str, rest: &str| {
        let next = rest[word.len()..].chars().next();
        // `$c`, `$c1` and `$cpure` are C code, `$clog2` is not.
        word == "$c" && next.is_some_and(|next| next.is_ascii_alphabetic()) && !rest.starts_with("$cpure")
    };
    let found = WORDS
        .into_iter()
        .find(|&word| text.match_indices(word).any(|(start, _)| !is_part(word, &text[start..])))?;
    Some((found, String::new()))
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

    #[test]
    fn strings_of_a_tree_are_no_nodes() {
        let harmless = r#"{"type":"CONST","name":"\"type\":\"SYSTEMT\"","loc":"d,1:2,1:3"}"#;
        assert_eq!(in_tree(harmless, Trace::Off), None);
        let system = r#"{"type":"SYSTEMT","name":"","loc":"e,14:5,14:12"}"#;
        assert_eq!(in_tree(system, Trace::Off), Some(("$system", " at line 14".to_string())));
    }

    #[test]
    fn preprocessed_text_may_count_bits() {
        assert_eq!(in_text("localparam N = $clog2(W);"), None);
        assert_eq!(in_text("initial $c(\"x\");").map(|(word, _)| word), Some("$c"));
        assert_eq!(in_text("initial $c32(\"x\");").map(|(word, _)| word), Some("$c"));
    }
}
