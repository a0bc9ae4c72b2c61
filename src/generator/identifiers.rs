//! The identifiers that a Verilog text contains.

/// The identifiers and keywords of a text in order of occurrence, without those in comments and strings.
pub(crate) fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    let code = text.lines().map(|line| &line[..comment_start(line)]);
    // Every second piece between quotation marks is a string.
    let unquoted = code.flat_map(|line| line.split('"').step_by(2));
    let words = unquoted.flat_map(|code| code.split(|c: char| !is_word(c)));
    words.filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
}

/// Whether a character belongs to an identifier, a system function or a based number.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_$'".contains(c)
}

/// The index at which the comment of a line begins, or the length of a line without one.
pub(crate) fn comment_start(line: &str) -> usize {
    let mut quoted = false;
    line.char_indices()
        .find(|&(index, sign)| {
            quoted ^= sign == '"';
            !quoted && line[index..].starts_with("//")
        })
        .map_or(line.len(), |(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_comments_and_strings_contain_no_identifier() {
        let text = "wire x = $signed(8'sd1) + y_1; // z\n(* keep = \"w // w\" *) reg v; // u";
        let words: Vec<&str> = identifiers(text).collect();
        assert_eq!(words, ["wire", "x", "y_1", "keep", "reg", "v"]);
    }
}
