//! The part of Verilog that generated modules of constants are written in.

use std::collections::HashSet;

use super::Refutation;

/// The widest vector: no coefficient leaves the integers that forms are made of.
pub(crate) const MOST_BITS: u32 = 48;

/// Operands of one statement: no text makes the program recurse without end.
const MOST_OPERANDS: usize = 1000;

/// A statement of a module, and its line.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) line: usize,
    pub(crate) action: Action,
}

/// What a statement does.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// A wire or register of that many bits.
    Declare { name: String, bits: u32, is_register: bool },
    /// A value for a wire, or for bits of a port.
    Assign { name: String, slice: Option<(u32, u32)>, value: Expression },
    /// What a register takes on an edge.
    Clock { name: String, value: Expression },
}

/// An expression.
#[derive(Clone, Debug)]
pub(crate) enum Expression {
    Literal {
        bits: u32,
        value: i128,
        signed: bool,
    },
    Name(String),
    Slice(String, u32, u32),
    Not(Box<Expression>),
    Add(Box<Expression>, Box<Expression>),
    Subtract(Box<Expression>, Box<Expression>),
    Multiply(Box<Expression>, Box<Expression>),
    Signed(Box<Expression>),
    /// The highest part first.
    Join(Vec<Expression>),
    Repeat(u32, Box<Expression>),
}

/// The statements between the header of the module and its end.
pub(crate) fn statements(verilog: &str) -> Result<Vec<Statement>, Refutation> {
    let mut parser = Parser { tokens: tokens(verilog), place: 0, operands: 0, signed: HashSet::new() };
    while parser.peek() != "module" {
        parser.next("a module")?;
    }
    while parser.next("the ports")?.1 != ";" {}
    let mut statements = Vec::new();
    while parser.peek() != "endmodule" {
        parser.statement(&mut statements)?;
    }
    Ok(statements)
}

/// Words, numbers and signs with their lines; without comments and directives.
fn tokens(verilog: &str) -> Vec<(usize, &str)> {
    let mut tokens = Vec::new();
    for (line, text) in (1..).zip(verilog.lines()) {
        let mut rest = text.split("//").next().unwrap_or_default().trim_start();
        while !rest.is_empty() && !rest.starts_with('`') {
            let is_word = |c: char| c.is_ascii_alphanumeric() || "_$'".contains(c);
            let signs = ["(*", "*)", "<="].into_iter().find(|sign| rest.starts_with(sign));
            let end = match signs {
                Some(sign) => sign.len(),
                None if rest.starts_with(is_word) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
                None => rest.chars().next().map_or(0, char::len_utf8),
            };
            tokens.push((line, &rest[..end]));
            rest = rest[end..].trim_start();
        }
    }
    tokens
}

struct Parser<'a> {
    tokens: Vec<(usize, &'a str)>,
    place: usize,
    /// Of the statement so far.
    operands: usize,
    /// Wires that have a sign unless a slice of them is read.
    signed: HashSet<&'a str>,
}

impl<'a> Parser<'a> {
    /// The token to come; nothing at the end.
    fn peek(&self) -> &'a str {
        self.tokens.get(self.place).map_or("", |(_, token)| token)
    }

    fn line(&self) -> usize {
        self.tokens.get(self.place).or(self.tokens.last()).map_or(1, |(line, _)| *line)
    }

    fn fail<T>(&self, expected: &'static str) -> Result<T, Refutation> {
        Err(Refutation::Syntax { line: self.line(), found: self.peek().to_string(), expected })
    }

    fn next(&mut self, expected: &'static str) -> Result<(usize, &'a str), Refutation> {
        let Some(&token) = self.tokens.get(self.place) else { return self.fail(expected) };
        self.place += 1;
        Ok(token)
    }

    fn eats(&mut self, token: &str) -> bool {
        let found = self.peek() == token;
        self.place += usize::from(found);
        found
    }

    fn expect(&mut self, token: &'static str) -> Result<(), Refutation> {
        if self.eats(token) { Ok(()) } else { self.fail(token) }
    }

    fn name(&mut self) -> Result<String, Refutation> {
        match self.peek().starts_with(|c: char| c.is_ascii_alphabetic()) {
            true => Ok(self.next("a name")?.1.to_string()),
            false => self.fail("a name"),
        }
    }

    fn number(&mut self) -> Result<u32, Refutation> {
        match self.peek().parse() {
            Ok(number) if number < 1 << 16 => {
                self.place += 1;
                Ok(number)
            }
            _ => self.fail("a number of bits"),
        }
    }

    /// `[hi:lo]`, or `[bit]`.
    fn slice(&mut self) -> Result<Option<(u32, u32)>, Refutation> {
        if !self.eats("[") {
            return Ok(None);
        }
        let hi = self.number()?;
        let lo = if self.eats(":") { self.number()? } else { hi };
        self.expect("]")?;
        if hi < lo { self.fail("the higher bit first") } else { Ok(Some((hi, lo))) }
    }

    fn statement(&mut self, statements: &mut Vec<Statement>) -> Result<(), Refutation> {
        let line = self.line();
        self.operands = 0;
        let mut push = |action| statements.push(Statement { line, action });
        if self.eats("(*") {
            self.expect("keep")?;
            self.expect("*)")?;
        }
        match self.next("a statement")?.1 {
            word @ ("wire" | "reg") => {
                let is_signed = word == "wire" && self.eats("signed");
                let range = self.slice()?;
                if is_signed {
                    self.signed.insert(self.peek());
                }
                let name = self.name()?;
                let bits = match range {
                    None => 1,
                    Some((hi, 0)) if hi < MOST_BITS => hi + 1,
                    Some(_) => return self.fail("a vector of at most 48 bits that ends at 0"),
                };
                // It reads what the module has no use for.
                let is_unused = name == "unused";
                if !is_unused {
                    push(Action::Declare { name: name.clone(), bits, is_register: word == "reg" });
                }
                if self.eats("=") {
                    is_unused.then(|| self.eats("&"));
                    let value = self.expression()?;
                    if !is_unused {
                        push(Action::Assign { name, slice: None, value });
                    }
                }
            }
            "assign" => {
                let (name, slice) = (self.name()?, self.slice()?);
                self.expect("=")?;
                push(Action::Assign { name, slice, value: self.expression()? });
            }
            "always" => {
                for token in ["@", "(", "posedge", "clk", ")", "begin"] {
                    self.expect(token)?;
                }
                while !self.eats("end") {
                    let line = self.line();
                    self.operands = 0;
                    let name = self.name()?;
                    self.expect("<=")?;
                    let value = self.expression()?;
                    self.expect(";")?;
                    statements.push(Statement { line, action: Action::Clock { name, value } });
                }
                return Ok(());
            }
            _ => {
                self.place -= 1;
                return self.fail("wire, reg, assign or always");
            }
        }
        self.expect(";")
    }

    fn expression(&mut self) -> Result<Expression, Refutation> {
        let mut value = self.product()?;
        loop {
            value = match self.peek() {
                "+" | "-" => {
                    let is_sum = self.next("a sign")?.1 == "+";
                    let other = Box::new(self.product()?);
                    let value = Box::new(value);
                    if is_sum { Expression::Add(value, other) } else { Expression::Subtract(value, other) }
                }
                _ => return Ok(value),
            }
        }
    }

    fn product(&mut self) -> Result<Expression, Refutation> {
        let value = self.operand()?;
        match self.eats("*") {
            true => Ok(Expression::Multiply(Box::new(value), Box::new(self.operand()?))),
            false => Ok(value),
        }
    }

    fn operand(&mut self) -> Result<Expression, Refutation> {
        self.operands += 1;
        if self.operands > MOST_OPERANDS {
            return self.fail("the end of a statement of 1000 operands");
        }
        match self.peek() {
            "~" => {
                self.place += 1;
                Ok(Expression::Not(Box::new(self.operand()?)))
            }
            "(" => {
                self.place += 1;
                let value = self.expression()?;
                self.expect(")")?;
                Ok(value)
            }
            "$signed" => {
                self.place += 1;
                Ok(Expression::Signed(Box::new(self.operand()?)))
            }
            "{" => self.braces(),
            token if token.contains('\'') => self.literal(),
            _ => {
                let is_signed = self.signed.contains(self.peek());
                let name = self.name()?;
                if is_signed && self.peek() != "[" {
                    return self.fail("a slice of what was declared signed");
                }
                Ok(match self.slice()? {
                    Some((hi, lo)) => Expression::Slice(name, hi, lo),
                    None => Expression::Name(name),
                })
            }
        }
    }

    /// `{a, b}` or `{3{a}}`.
    fn braces(&mut self) -> Result<Expression, Refutation> {
        self.expect("{")?;
        if let Ok(times) = self.peek().parse::<u32>() {
            self.place += 1;
            self.expect("{")?;
            let value = self.expression()?;
            self.expect("}")?;
            self.expect("}")?;
            return Ok(Expression::Repeat(times, Box::new(value)));
        }
        let mut parts = vec![self.expression()?];
        while self.eats(",") {
            parts.push(self.expression()?);
        }
        self.expect("}")?;
        Ok(Expression::Join(parts))
    }

    /// `3'd0`, `1'b1`, and `8'sh85`, which is signed.
    fn literal(&mut self) -> Result<Expression, Refutation> {
        let (bits, digits) = self.peek().split_once('\'').unwrap_or_default();
        let (signed, digits) = digits.strip_prefix('s').map_or((false, digits), |digits| (true, digits));
        let radix = [("d", 10), ("b", 2), ("h", 16)];
        let value = radix
            .iter()
            .find_map(|(prefix, radix)| i128::from_str_radix(digits.strip_prefix(prefix)?, *radix).ok());
        match (bits.parse::<u32>(), value) {
            (Ok(bits @ 1..=MOST_BITS), Some(value @ 0..)) if value < 1 << bits => {
                self.place += 1;
                Ok(Expression::Literal { bits, value, signed })
            }
            _ => self.fail("a number with its width"),
        }
    }
}
