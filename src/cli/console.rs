//! What a subcommand writes to stdout and stderr, and in which colours.

use std::io::{ErrorKind, Write, stderr, stdout};
use std::sync::atomic::{AtomicBool, Ordering};

use anstream::AutoStream;
use clap::ColorChoice;
use clap::builder::styling::AnsiColor;

use super::CliError;

/// Words of a verdict and their colours; a longer one precedes the words that it contains.
const VERDICTS: [(&str, AnsiColor); 16] = [
    ("NOTHING COMPARED", AnsiColor::Red),
    ("FOUR-STATE MISMATCH", AnsiColor::Red),
    ("MISMATCHES", AnsiColor::Red),
    ("FAILED", AnsiColor::Red),
    ("FAILS", AnsiColor::Red),
    ("SURVIVED", AnsiColor::Red),
    ("MISSED", AnsiColor::Red),
    ("MISSING", AnsiColor::Red),
    ("error:", AnsiColor::Red),
    ("UNDETECTED", AnsiColor::Yellow),
    ("all equal", AnsiColor::Green),
    ("all proved", AnsiColor::Green),
    ("passed", AnsiColor::Green),
    ("up to date", AnsiColor::Green),
    ("proved", AnsiColor::Green),
    ("ok", AnsiColor::Green),
];

static IS_QUIET: AtomicBool = AtomicBool::new(false);

/// Applies `--quiet` and `--color` to everything that the process writes.
///
/// `auto` colours what goes to a terminal, unless `NO_COLOR` is set or the terminal is dumb.
pub(super) fn configure(quiet: bool, color: ColorChoice) {
    IS_QUIET.store(quiet, Ordering::Relaxed);
    let color = match color {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    };
    color.write_global();
}

/// Whether progress and notices are suppressed.
pub(super) fn is_quiet() -> bool {
    IS_QUIET.load(Ordering::Relaxed)
}

/// Writes results to stdout.
///
/// A closed pipe (`qrtl list | head`) is not an error: the subcommand completes and keeps its exit code.
pub(super) fn print(text: &str) -> Result<(), CliError> {
    match stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("cannot write to stdout: {error}; check where it is redirected to").into())
        }
        _ => Ok(()),
    }
}

/// Writes results with verdicts to stdout, the verdicts in colour.
pub(super) fn print_verdict(text: &str) -> Result<(), CliError> {
    print(&painted(text, AutoStream::choice(&stdout())))
}

/// Version of the JSON documents: it grows when a field is removed, renamed or changes its meaning or type.
const SCHEMA: u32 = 1;

/// A JSON document with the version of its schema; `docs/json.md` describes the fields.
#[derive(serde::Serialize)]
struct Document<'a, T> {
    schema: u32,
    #[serde(flatten)]
    content: &'a T,
}

/// Writes one JSON document, an object, to stdout.
pub(super) fn print_json(content: &impl serde::Serialize) -> Result<(), CliError> {
    print(&(serde_json::to_string_pretty(&Document { schema: SCHEMA, content })? + "\n"))
}

/// Writes an error or a failure to stderr; a closed stderr does not change the exit code.
pub(super) fn print_error(text: &str) {
    let _ = stderr().lock().write_all(painted(text, AutoStream::choice(&stderr())).as_bytes());
}

/// Reports on stderr what was done, such as a written file, unless the run is quiet.
pub(super) fn print_status(text: &str) {
    if !is_quiet() {
        print_error(text);
    }
}

/// Reports slow or unexpected steps, such as fetching a tool, on stderr, unless the run is quiet.
pub(super) fn print_notice(text: &str) {
    print_status(&format!("qrtl: {text}\n"));
}

/// The text with its verdicts in colour, unless the stream takes none.
fn painted(text: &str, choice: anstream::ColorChoice) -> String {
    if choice == anstream::ColorChoice::Never {
        return text.to_string();
    }
    let mut painted = String::new();
    let mut rest = text;
    let mut is_inside_word = false;
    while let Some(next) = rest.chars().next() {
        let verdict = VERDICTS.iter().filter(|_| !is_inside_word).find(|(word, _)| starts_with(rest, word));
        let taken = match verdict {
            Some((word, color)) => {
                let style = color.on_default().bold();
                painted += &format!("{style}{word}{style:#}");
                word.len()
            }
            None => {
                painted.push(next);
                next.len_utf8()
            }
        };
        is_inside_word = next.is_alphanumeric() || next == '_';
        rest = &rest[taken..];
    }
    painted
}

/// Whether a text starts with this whole word.
fn starts_with(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paints_whole_words_of_verdicts_only() {
        let always = |text| painted(text, anstream::ColorChoice::Always);
        assert_eq!(always("3 MISMATCHES (1)\n"), "3 \u{1b}[1m\u{1b}[31mMISMATCHES\u{1b}[0m (1)\n");
        assert_eq!(always("exhaustive, all equal"), "exhaustive, \u{1b}[1m\u{1b}[32mall equal\u{1b}[0m");
        for plain in ["okay token", "unproved", "FAILED_DESIGN", "terror: x", ""] {
            assert_eq!(always(plain), plain);
        }
        assert_eq!(painted("FAILED", anstream::ColorChoice::Never), "FAILED");
    }
}
