//! Folds lines of generated text that are longer than 100 columns.

use std::cmp::Reverse;

use super::identifiers::comment_start;

const COLUMNS: usize = 100;
const CONTINUED: &str = "    ";

/// Folds longer lines: a trailing comment moves above its code, and code breaks after a comma or an operator.
/// A word that is longer than a line is not broken.
pub(crate) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for line in text.lines() {
        if line.len() <= COLUMNS {
            push(&mut folded, line);
            continue;
        }
        let indent = &line[..line.len() - line.trim_start().len()];
        let (code, comment) = line.split_at(comment_start(line));
        fold(&mut folded, indent, "// ", comment.trim_start_matches("// "), any_space);
        fold(&mut folded, indent, "", code.trim(), best_space);
    }
    folded
}

fn push(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// Appends a statement or comment in lines; all but the first are indented one step further.
fn fold(
    text: &mut String,
    indent: &str,
    mark: &str,
    mut rest: &str,
    space: fn(&str, usize) -> Option<usize>,
) {
    let mut start = format!("{indent}{mark}");
    while !rest.is_empty() {
        let room = COLUMNS.saturating_sub(start.len());
        let end = if rest.len() <= room { rest.len() } else { space(rest, room).unwrap_or(rest.len()) };
        push(text, &format!("{start}{}", rest[..end].trim_end()));
        rest = rest[end..].trim_start();
        start = format!("{indent}{mark}{CONTINUED}");
    }
}

/// The last space within `room`, otherwise the first space.
fn any_space(text: &str, room: usize) -> Option<usize> {
    text[..=room].rfind(' ').or_else(|| text.find(' '))
}

/// The last space after a comma or an operator at the lowest bracket depth.
fn best_space(text: &str, room: usize) -> Option<usize> {
    let (mut depth, mut quoted, mut before) = (0, false, ' ');
    let mut spaces = Vec::new();
    for (position, sign) in text.char_indices().take_while(|&(position, _)| position <= room) {
        quoted ^= sign == '"';
        match sign {
            '(' | '{' | '[' if !quoted => depth += 1,
            ')' | '}' | ']' if !quoted => depth -= 1,
            ' ' if !quoted && !before.is_ascii_alphanumeric() && !")}]_\"".contains(before) => {
                spaces.push((depth, position));
            }
            _ => {}
        }
        before = sign;
    }
    // A break near the start would leave most of the statement on the second line.
    let late: Vec<_> = spaces.iter().copied().filter(|&(_, position)| 2 * position > room).collect();
    let spaces = if late.is_empty() { spaces } else { late };
    spaces
        .into_iter()
        .min_by_key(|&(depth, position)| (depth, Reverse(position)))
        .map(|(_, position)| position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_lines_stay() {
        let text = "    wire a = b; // c\n\nendmodule\n";
        assert_eq!(folded(text), text);
    }

    #[test]
    fn code_breaks_behind_the_outermost_operator() {
        let (a, b) = ("a".repeat(50), "b".repeat(40));
        let text = format!("    assign y = ({a} & c) | ({b} & d);\n");
        let expected = format!("    assign y = ({a} & c) |\n        ({b} & d);\n");
        assert_eq!(folded(&text), expected);
    }

    #[test]
    fn moves_trailing_comment_above_its_code() {
        let words = "word ".repeat(20);
        let text = format!("    wire x; // {}\n", words.trim());
        let expected = format!("    // {}\n    //     word word\n    wire x;\n", ["word"; 18].join(" "));
        assert_eq!(folded(&text), expected);
    }

    #[test]
    fn strings_and_long_words_stay_whole() {
        let string = format!("    $display(\"{}// ,\");\n", "a , ".repeat(30));
        assert_eq!(folded(&string), string);
        let word = format!("// {}\n", "a".repeat(120));
        assert_eq!(folded(&word), word);
    }
}
