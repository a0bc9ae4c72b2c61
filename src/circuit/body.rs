//! Statements of a module body, in the order in which they are declared.

use serde::Serialize;

use super::net::Net;

/// What `templates/structure.v.tera` renders.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Statement {
    /// A wire with its value, or without when cells drive it.
    Wire { range: String, name: String, value: String },
    /// A wire that synthesis leaves as it is.
    Kept { range: String, name: String, value: String },
    /// Registers that take their values on every edge, or on those with `en`.
    Registers { registers: Vec<Register>, enabled: bool },
    /// An instance of a primitive, its parameters and pins line by line.
    Cell { module: &'static str, parameters: Vec<Vec<String>>, name: String, pins: Vec<Vec<String>> },
    /// An empty line.
    Blank,
}

/// One register and what it takes on an edge.
#[derive(Debug, Serialize)]
pub(crate) struct Register {
    pub(crate) range: String,
    pub(crate) name: String,
    pub(crate) value: String,
}

/// A body that grows.
#[derive(Debug, Default)]
pub(crate) struct Body {
    statements: Vec<Statement>,
    cuts: u32,
    enabled: bool,
}

impl Body {
    /// A body whose registers hold while `en` is 0.
    pub(crate) fn enabled() -> Body {
        Body { enabled: true, ..Body::default() }
    }

    /// A wire that synthesis does not merge with what is around it.
    pub(crate) fn kept(&mut self, name: &str, bits: u32, value: &str) -> Net {
        let net = Net::new(name, bits);
        self.statements.push(Statement::Kept {
            range: net.range(),
            name: name.to_string(),
            value: value.to_string(),
        });
        net
    }

    /// Sets what follows apart from wires before it.
    pub(crate) fn paragraph(&mut self) {
        if !matches!(self.statements.last(), None | Some(Statement::Registers { .. } | Statement::Blank)) {
            self.statements.push(Statement::Blank);
        }
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

    /// A wire with a sign, for a product of signed factors: `$unsigned` would cut it to their width.
    /// Like a signed [`Factor`](super::net::Factor), it is read in slices.
    pub(crate) fn signed(&mut self, name: &str, bits: u32, value: &str) -> Net {
        self.statements.push(Statement::Wire {
            range: format!("signed [{}:0] ", bits - 1),
            name: name.to_string(),
            value: value.to_string(),
        });
        Net::part(name, bits - 1, 0)
    }

    /// A wire that cells drive.
    pub(crate) fn net(&mut self, name: &str, bits: u32) -> Net {
        self.wire(name, bits, "")
    }

    pub(crate) fn registers(&mut self, registers: Vec<Register>) {
        self.paragraph();
        self.statements.push(Statement::Registers { registers, enabled: self.enabled });
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

    /// Registers all that later statements need: `live` are replaced by their registers.
    pub(crate) fn cut(&mut self, live: &mut [&mut Net]) {
        self.cuts += 1;
        let registers = live
            .iter_mut()
            .map(|net| {
                let name = format!("{}_{}", net.base, self.cuts);
                let value = net.text();
                **net = net.registered(name.clone());
                Register { range: net.range(), name, value }
            })
            .collect();
        self.registers(registers);
    }
}
