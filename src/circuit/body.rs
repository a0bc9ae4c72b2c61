//! The statements of a module body, in order of declaration.

use serde::Serialize;
use serde_json::Value as Json;

use super::net::Net;

/// A statement that `templates/structure.v.tera` renders.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Statement {
    /// A wire with its value, or with an empty value when cells drive it.
    Wire { range: String, name: String, value: String },
    /// A function that looks up a number by an address, and the wire of its value.
    Table { table: Json },
    /// The value of a part of a wire that is declared with an empty value.
    Assign { target: String, value: String },
    /// The same statements for each lane of packed vectors, with its number in the genvar `i`.
    Lanes { name: String, count: u32, lines: Vec<String> },
    /// A wire that synthesis must not optimize away.
    Kept { range: String, name: String, value: String },
    /// Registers that load on every edge, or with `en` only; an empty line follows unless they are the last statement
    /// before one of the template.
    Registers { registers: Vec<Register>, enabled: bool, is_last: bool },
    /// An instance of a primitive, with its parameters and pins line by line.
    Cell { module: &'static str, parameters: Vec<Vec<String>>, name: String, pins: Vec<Vec<String>> },
    /// A line of comment.
    Comment { text: &'static str },
    /// An empty line.
    Blank,
}

/// One register and the value that it loads.
#[derive(Debug, Serialize)]
pub(crate) struct Register {
    pub(crate) range: String,
    pub(crate) name: String,
    pub(crate) value: String,
}

/// Builder of a module body.
#[derive(Debug, Default)]
pub(crate) struct Body {
    statements: Vec<Statement>,
    /// Pipeline stages inserted so far.
    stages: u32,
    enabled: bool,
}

impl Body {
    /// A body whose registers hold while `en` is 0.
    pub(crate) fn enabled() -> Self {
        Self { enabled: true, ..Body::default() }
    }

    /// Declares a wire with a `keep` attribute: synthesis does not merge it with its neighbours.
    pub(crate) fn kept_wire(&mut self, name: &str, bits: u32, value: &str) -> Net {
        let net = Net::new(name, bits);
        self.statements.push(Statement::Kept {
            range: net.range(),
            name: name.to_string(),
            value: value.to_string(),
        });
        net
    }

    /// Separates the next statement from wires before it by an empty line.
    pub(crate) fn blank_line(&mut self) {
        if !matches!(self.statements.last(), None | Some(Statement::Registers { .. } | Statement::Blank)) {
            self.statements.push(Statement::Blank);
        }
    }

    /// Explains the statements that follow, in a paragraph of their own.
    pub(crate) fn comment(&mut self, lines: &[&'static str]) {
        self.blank_line();
        self.statements.extend(lines.iter().map(|text| Statement::Comment { text }));
    }

    /// The statements so far, for a template that continues with an empty line.
    pub(crate) fn into_statements_before_blank(mut self) -> Vec<Statement> {
        if let Some(Statement::Blank) = self.statements.last() {
            self.statements.pop();
        }
        if let Some(Statement::Registers { is_last, .. }) = self.statements.last_mut() {
            *is_last = true;
        }
        self.statements
    }

    /// The statements so far.
    pub(crate) fn into_statements(self) -> Vec<Statement> {
        self.statements
    }

    pub(crate) fn wire(&mut self, name: &str, bits: u32, value: &str) -> Net {
        let net = Net::new(name, bits);
        self.statements.push(Statement::Wire {
            range: net.range(),
            name: name.to_string(),
            value: value.to_string(),
        });
        net
    }

    /// Declares a wire for the bits `hi` to `lo` of a number.
    pub(crate) fn part(&mut self, name: &str, hi: u32, lo: u32, value: &str) -> Net {
        let net = Net::vector(name, hi, lo);
        self.statements.push(Statement::Wire {
            range: net.range(),
            name: name.to_string(),
            value: value.to_string(),
        });
        net
    }

    /// Declares a kept wire for the bits `hi` to `lo` of a number.
    pub(crate) fn kept_part(&mut self, name: &str, hi: u32, lo: u32, value: &str) -> Net {
        let net = Net::vector(name, hi, lo);
        self.statements.push(Statement::Kept {
            range: net.range(),
            name: name.to_string(),
            value: value.to_string(),
        });
        net
    }

    /// Declares a signed wire for a product of signed factors: `$unsigned` would truncate it to their width.
    /// Like a signed [`Factor`](super::net::Factor), it is read in slices.
    pub(crate) fn signed(&mut self, name: &str, bits: u32, value: &str) -> Net {
        self.statements.push(Statement::Wire {
            range: format!("signed [{}:0] ", bits - 1),
            name: name.to_string(),
            value: value.to_string(),
        });
        Net::part(name, bits - 1, 0)
    }

    /// Declares a table and the wire of its value, for `templates/tables.v.tera`.
    pub(crate) fn table(&mut self, mut table: Json) {
        let is_separated =
            matches!(self.statements.last(), Some(Statement::Registers { .. } | Statement::Blank));
        table["is_separated"] = is_separated.into();
        self.statements.push(Statement::Table { table });
    }

    /// Declares a wire that cells drive.
    pub(crate) fn net(&mut self, name: &str, bits: u32) -> Net {
        self.wire(name, bits, "")
    }

    /// Sets a part of a net that is declared without value.
    pub(crate) fn assign(&mut self, target: &str, value: &str) {
        self.statements.push(Statement::Assign { target: target.to_string(), value: value.to_string() });
    }

    /// Adds statements for each of `count` lanes, in a paragraph of their own; the template declares the genvar `i`.
    pub(crate) fn lanes(&mut self, name: &str, count: u32, lines: Vec<String>) {
        self.blank_line();
        self.statements.push(Statement::Lanes { name: format!("gen_{name}"), count, lines });
        self.statements.push(Statement::Blank);
    }

    pub(crate) fn registers(&mut self, registers: Vec<Register>) {
        self.blank_line();
        self.statements.push(Statement::Registers { registers, enabled: self.enabled, is_last: false });
    }

    pub(crate) fn cell(
        &mut self,
        module: &'static str,
        parameters: Vec<Vec<String>>,
        name: String,
        pins: Vec<Vec<String>>,
    ) {
        self.statements.push(Statement::Cell { module, parameters, name, pins });
    }

    /// Inserts a pipeline stage: each of `live`, the nets that later statements read, becomes its register.
    pub(crate) fn insert_registers(&mut self, live: &mut [&mut Net]) {
        self.stages += 1;
        let registers = live
            .iter_mut()
            .map(|net| {
                let name = format!("{}_{}", net.base, self.stages);
                let value = net.text();
                **net = net.registered(name.clone());
                Register { range: net.range(), name, value }
            })
            .collect();
        self.registers(registers);
    }
}
