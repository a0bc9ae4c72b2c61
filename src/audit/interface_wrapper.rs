//! A wrapper for modules with interface ports, which Verilator does not accept at the top.
//!
//! The wrapper has a port for every signal of the modport, named as in `x.data`.

use std::fmt::Write;

use crate::toolchain::design_tree::{DesignTree, ModportSignal};

/// The ports of a module as its header declares them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ModuleHeader {
    top: String,
    /// Parameters with their parentheses, empty without any.
    parameters: String,
    /// Declarations of the ports that are not interfaces.
    plain: Vec<String>,
    interfaces: Vec<InterfacePort>,
}

/// A port `interface.modport name`.
#[derive(Debug, PartialEq, Eq)]
struct InterfacePort {
    interface: String,
    modport: String,
    name: String,
}

impl ModuleHeader {
    /// Finds the module in a source text, `None` if it has no interface ports in its header.
    pub fn parse(text: &str, top: &str) -> Option<Self> {
        let text = without_comments(text);
        let mut starts = text.match_indices("module").map(|(start, word)| &text[start + word.len()..]);
        let header = starts.find_map(|rest| {
            let rest = rest.strip_prefix(char::is_whitespace)?.trim_start().strip_prefix(top)?;
            (!rest.starts_with(is_word)).then_some(rest)
        })?;
        let header = header.trim_start();
        let (parameters, rest) = match header.strip_prefix('#') {
            Some(rest) => parenthesized(rest.trim_start())?,
            None => ("", header),
        };
        let (ports, _) = parenthesized(rest.trim_start())?;
        let inside = ports.get(1..ports.len() - 1)?;
        let (mut plain, mut interfaces) = (Vec::new(), Vec::new());
        for port in split_list(inside) {
            match interface_port(port) {
                Some(port) => interfaces.push(port),
                None => plain.push(port.to_string()),
            }
        }
        let (top, parameters) = (top.to_string(), parameters.to_string());
        (!interfaces.is_empty()).then_some(Self { top, parameters, plain, interfaces })
    }

    /// A module that instantiates only the interfaces, to elaborate their signals.
    pub fn probe(&self, name: &str) -> String {
        let instances: String = self.interfaces.iter().map(InterfacePort::instance).collect();
        let pins: Vec<String> = self.interfaces.iter().map(|port| format!(".{0}({0})", port.name)).collect();
        format!("module {name};\n{instances}    {} dut ({});\nendmodule\n", self.top, pins.join(", "))
    }

    /// The wrapper, `None` if the tree of the probe lacks a signal.
    pub fn wrapper(&self, name: &str, tree: &DesignTree) -> Option<String> {
        let mut ports = self.plain.clone();
        let mut body = String::new();
        let names = self.plain.iter().map(|port| declared_name(port));
        let interfaces = self.interfaces.iter().map(|port| port.name.as_str());
        let pins: Vec<String> = names.chain(interfaces).map(|name| format!(".{name}({name})")).collect();
        for port in &self.interfaces {
            body += &port.instance();
            for ModportSignal { name: signal, is_output, bits } in
                tree.modport(&port.interface, &port.modport)?
            {
                let (inner, outer) =
                    (format!("{}.{signal}", port.name), format!("\\{}.{signal} ", port.name));
                let direction = if is_output { "output" } else { "input" };
                ports.push(format!("{direction} wire [{}:0] {outer}", bits - 1));
                let (target, source) = if is_output { (&outer, &inner) } else { (&inner, &outer) };
                writeln!(body, "    assign {target} = {source};").ok()?;
            }
        }
        let parameters =
            if self.parameters.is_empty() { String::new() } else { format!("#{} ", self.parameters) };
        let values: Vec<String> = self
            .parameters
            .get(1..self.parameters.len().saturating_sub(1))
            .map(|inside| split_list(inside).map(|one| format!(".{0}({0})", declared_name(one))).collect())
            .unwrap_or_default();
        let values = if values.is_empty() { String::new() } else { format!("#({}) ", values.join(", ")) };
        Some(format!(
            "module {name} {parameters}({});\n{body}    {} {values}dut ({});\nendmodule\n",
            ports.join(", "),
            self.top,
            pins.join(", ")
        ))
    }
}

impl InterfacePort {
    fn instance(&self) -> String {
        format!("    {} {}();\n", self.interface, self.name)
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

/// A port of the form `interface.modport name`.
fn interface_port(port: &str) -> Option<InterfacePort> {
    let mut words = port.split_whitespace();
    let (interface, modport) = words.next()?.split_once('.')?;
    let name = words.next()?;
    let is_name = |word: &str| !word.is_empty() && word.chars().all(is_word);
    let is_port = words.next().is_none() && [interface, modport, name].into_iter().all(is_name);
    let [interface, modport, name] = [interface, modport, name].map(str::to_string);
    is_port.then_some(InterfacePort { interface, modport, name })
}

/// The name that a declaration of a port or parameter ends with, before dimensions and default.
fn declared_name(declaration: &str) -> &str {
    let declaration = declaration.split('=').next().unwrap_or_default().trim_end();
    let mut end = declaration;
    while let Some(rest) = end.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')) {
        end = rest.0.trim_end();
    }
    let start = end.rfind(|c: char| !is_word(c)).map_or(0, |at| at + 1);
    &end[start..]
}

/// The text in the first pair of parentheses, with them, and the text after it.
fn parenthesized(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth == 0 => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(text.split_at(at + 1));
        }
    }
    None
}

/// Splits a list at the commas outside of brackets.
fn split_list(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0;
    let is_separator = move |c: char| {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    };
    text.split(is_separator).map(str::trim)
}

fn without_comments(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("//").into_iter().chain(rest.find("/*")).min() {
        plain += &rest[..start];
        let end = if rest[start..].starts_with("//") { "\n" } else { "*/" };
        let after = rest[start..].find(end).map_or(rest.len(), |at| start + at + end.len());
        plain.push('\n');
        rest = &rest[after..];
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_separates_interfaces_from_other_ports() {
        let text = "// module m (stream.sink no);\nmodule mm (input a); endmodule\n\
            module m #(parameter W = 8, parameter int N[2] = '{1, 2}) /* ports */\n\
            (input logic clk, stream.sink x, input [W-1:0] a [3:0]);\nendmodule";
        let header = ModuleHeader::parse(text, "m").unwrap();
        assert_eq!(header.plain, ["input logic clk", "input [W-1:0] a [3:0]"]);
        let [interface, modport, name] = ["stream", "sink", "x"].map(str::to_string);
        assert_eq!(header.interfaces, [InterfacePort { interface, modport, name }]);
        assert_eq!(header.plain.iter().map(|port| declared_name(port)).collect::<Vec<_>>(), ["clk", "a"]);
        assert!(header.probe("p").contains("stream x();"));
        assert_eq!(ModuleHeader::parse(text, "mm"), None);
        assert_eq!(ModuleHeader::parse("module m (", "m"), None);
    }
}
