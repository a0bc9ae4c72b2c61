//! Maps that are kept in files: `--map @FILE`.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::AuditError;
use super::report::AuditReport;

/// Bytes that a file with a map may have.
const LONGEST: u64 = 1 << 20;

/// The values of `--map`, with the assignments of FILE for a value `@FILE`.
///
/// A file has one or more assignments per line, separated by commas; `#` begins a comment.
///
/// # Errors
/// [`AuditError::File`] for a file that cannot be read as text, [`AuditError::MapFile`] for one without an assignment, or
/// of more than a MiB.
pub fn expanded_maps(maps: &[String]) -> Result<Vec<String>, AuditError> {
    let values = maps.iter().map(|value| match value.strip_prefix('@') {
        Some(path) => assignments(Path::new(path)),
        None => Ok(vec![value.clone()]),
    });
    Ok(values.collect::<Result<Vec<_>, _>>()?.concat())
}

fn assignments(path: &Path) -> Result<Vec<String>, AuditError> {
    let unreadable = |source| AuditError::File { path: path.to_path_buf(), source };
    let mut text = String::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(LONGEST + 1).read_to_string(&mut text).map_err(unreadable)?;
    let invalid = |problem| AuditError::MapFile { path: path.to_path_buf(), problem };
    if text.len() as u64 > LONGEST {
        return Err(invalid("has more than a MiB"));
    }
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or(""));
    let words = lines.flat_map(|line| line.split(',')).map(str::trim).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(str::to_string).collect();
    if words.is_empty() { Err(invalid("has no assignment")) } else { Ok(words) }
}

/// The map of an audit as the text of a file for `--map @FILE`, with the polarities that were measured.
pub fn map_file(report: &AuditReport) -> String {
    let ties = report.ties.iter().map(|tie| format!("# --tie {tie}\n"));
    let lines = report.map.iter().map(|word| format!("{word}\n"));
    let header = format!("# Ports of {}, by the roles of `qrtl audit --unit {}`.\n", report.top, report.unit);
    std::iter::once(header).chain(ties).chain(lines).collect()
}
