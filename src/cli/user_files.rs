//! Errors about Verilog that is joined from a user's files, in terms of these files.

use std::path::{Path, PathBuf};

use super::CliError;
use crate::generator::identifiers;
use crate::unit::Config;

/// Files that are joined into one text, one after the other.
pub(super) struct JoinedFiles {
    files: Vec<(PathBuf, String)>,
}

impl JoinedFiles {
    /// Reads the files. Comments may be in any encoding: bytes that are not UTF-8 are replaced.
    ///
    /// # Errors
    /// [`CliError`] for a file that cannot be read.
    pub(super) fn read(paths: &[PathBuf]) -> Result<Self, CliError> {
        let file = |path: &PathBuf| {
            let bytes = std::fs::read(path)
                .map_err(|error| format!("cannot read {}: {error}; give a Verilog file", path.display()))?;
            Ok((path.clone(), String::from_utf8_lossy(&bytes).into_owned()))
        };
        Ok(Self { files: paths.iter().map(file).collect::<Result<_, CliError>>()? })
    }

    /// All files, each from a new line on.
    pub(super) fn text(&self) -> String {
        self.files.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// Requires the module of a config, and names those that there are.
    ///
    /// A name that occurs elsewhere in the text may come from a macro: Verilator decides.
    ///
    /// # Errors
    /// [`CliError`] that says how ports are mapped.
    pub(super) fn require_module(&self, config: &Config) -> Result<(), CliError> {
        let text = self.text();
        let words: Vec<&str> = identifiers(&text).collect();
        let name = config.name();
        if words.contains(&name) {
            return Ok(());
        }
        let modules: Vec<&str> =
            words.windows(2).filter(|pair| pair[0] == "module").map(|pair| pair[1]).collect();
        let Some(top) = modules.last() else {
            return Err(format!("{} declares no module; give a Verilog file", self.names()).into());
        };
        let ports: Vec<String> = config.ports().iter().map(|port| port.name.to_string()).collect();
        Err(format!(
            "{} declares {}, but no module {name} with the ports {}: name the top module, as --top {top}, and map ports \
             of other names, as --map {}=THEIRS",
            self.names(),
            modules.join(", "),
            ports.join(", "),
            ports.last().map_or("", String::as_str),
        )
        .into())
    }

    fn names(&self) -> String {
        self.files.iter().map(|(path, _)| path.display().to_string()).collect::<Vec<_>>().join(", ")
    }

    /// The message of a tool about the text of a module, with the places of the files.
    pub(super) fn located(&self, module: &str, message: &str) -> String {
        let place = format!("{module}.v:");
        let mut moved = 0;
        // A link to the manual of Verilator, whose version it does not know.
        let lines = message.lines().filter(|line| !line.contains("See the manual at")).map(|line| {
            if let Some((before, after)) = line.split_once(&place) {
                let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
                let Some((path, own)) = after[..digits].parse().ok().and_then(|number| self.place(number))
                else {
                    return line.to_string();
                };
                moved = after[..digits].parse::<usize>().unwrap_or(own) - own;
                return format!("{before}{}:{own}{}", path.display(), &after[digits..]);
            }
            // The line that the tool shows below its message.
            match line
                .split_once(" |")
                .and_then(|(number, code)| Some((number.trim().parse::<usize>().ok()?, code)))
            {
                Some((number, code)) if number > moved => format!("{:>5} |{code}", number - moved),
                _ => line.to_string(),
            }
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// File and line of a line of the text, both from 1.
    fn place(&self, line: usize) -> Option<(&Path, usize)> {
        let mut first = 1;
        for (path, text) in &self.files {
            let lines = text.matches('\n').count() + 1;
            if (first..first + lines).contains(&line) {
                return Some((path, line - first + 1));
            }
            first += lines;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_files() {
        let files = JoinedFiles {
            files: vec![("a.v".into(), "one\ntwo\n".into()), ("b/c.v".into(), "one\ntwo".into())],
        };
        assert_eq!(files.text(), "one\ntwo\n\none\ntwo");
        let message = "%Error: m.v:5:3: wrong\n    5 | two\n      | ^~~\n%Error: m.v:2:1: too\n    2 | two\n%Error: m.v:9: x";
        let expected = "%Error: b/c.v:2:3: wrong\n    2 | two\n      | ^~~\n%Error: a.v:2:1: too\n    2 | two\n%Error: m.v:9: x";
        assert_eq!(files.located("m", message), expected);
    }
}
