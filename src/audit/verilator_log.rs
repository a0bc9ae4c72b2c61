//! Errors and warnings in the output of Verilator.

/// Maximum number of error lines that are shown.
const ERROR_LINES: usize = 24;

/// Warnings that can affect the verdict.
const REPORTED: [&str; 8] =
    ["UNOPTFLAT", "LATCH", "MULTIDRIVEN", "MODDUP", "SELRANGE", "ASCRANGE", "IMPLICIT", "PINMISSING"];

/// Warnings about widths, which can affect the verdict if they are about the connection of a port.
const WIDTHS: [&str; 3] = ["WIDTH", "WIDTHTRUNC", "WIDTHEXPAND"];

/// Maximum number of warnings that are shown.
const WARNING_LINES: usize = 12;

/// Extracts the errors and their source excerpts, without hints about Verilator.
pub(crate) fn errors(log: &str) -> String {
    let mut in_error = false;
    let mut lines = Vec::new();
    for line in log.lines() {
        if let Some(error) = line.strip_prefix("%Error") {
            let text = error.split_once(": ").map_or(error, |(_, text)| text);
            in_error = !text.starts_with("Exiting due to");
            if in_error {
                lines.push(text);
            }
        } else if line.starts_with('%') || line.starts_with("- ") {
            in_error = false;
        } else if in_error && !line.trim_start().starts_with("... ") {
            lines.push(line);
        }
    }
    lines.truncate(ERROR_LINES);
    lines.join("\n")
}

/// Extracts the warnings that a report mentions, one line each.
pub(crate) fn warnings(log: &str) -> Vec<String> {
    let reported = |line: &str| {
        let (code, text) = line.strip_prefix("%Warning-")?.split_once(": ")?;
        let is_connection = WIDTHS.contains(&code) && text.contains("port connection");
        (REPORTED.contains(&code) || is_connection).then(|| format!("{code}: {text}"))
    };
    let mut all: Vec<String> = log.lines().filter_map(reported).collect();
    let more = all.len().saturating_sub(WARNING_LINES);
    if more > 0 {
        all.truncate(WARNING_LINES);
        all.push(format!("{more} more warnings"));
    }
    all
}

/// Signal and source line of the first combinational loop, ready to append.
pub(crate) fn loop_path(warnings: &[String]) -> Option<String> {
    let warning = warnings.iter().find_map(|warning| warning.strip_prefix("UNOPTFLAT: "))?;
    let (location, message) = warning.split_once(": ").unwrap_or((warning, ""));
    let signal = message.rsplit(": ").next().unwrap_or_default();
    Some(format!(" through {signal} ({})", location.trim_end_matches(':')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_only_errors_of_the_design() {
        let log = "%Warning-WIDTH: t.v:2:1: Operator\n    2 | x\n%Error: t.v:3:29: syntax error\n    3 | module\n      | ^~~\n        ... See the manual\n%Error: Exiting due to 1 error(s)\n";
        assert_eq!(errors(log), "t.v:3:29: syntax error\n    3 | module\n      | ^~~");
        assert_eq!(errors("%Error-PINNOTFOUND: t.v:1:2: no pin\n"), "t.v:1:2: no pin");
        assert_eq!(errors(""), "");
    }

    #[test]
    fn loop_path_names_signal_and_source_line() {
        let log =
            "%Warning-UNOPTFLAT: l.v:1:100: Signal unoptimizable: Circular combinational logic: 'l.t'\n";
        let warnings = warnings(log);
        assert_eq!(warnings.len(), 1);
        assert_eq!(loop_path(&warnings).unwrap(), " through 'l.t' (l.v:1:100)");
        assert_eq!(loop_path(&[]), None);
    }
}
