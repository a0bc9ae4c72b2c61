//! Adders of ECP5 cells CCU2C: two 4-input LUTs with their carries.

use super::body::Body;
use super::net::Net;

/// The four inputs of one bit. The cell adds `a & b`, which also drives its carry, to `c` and `d`.
pub(crate) type Inputs = [String; 4];

/// The function of an adder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ccu2cFunction {
    /// `(c & d) + (a & b)`
    Add,
    /// `(c & d) - (a & b)`
    Subtract,
    /// `(c & ~d) + (a & b)`
    AddUnless,
}

impl Ccu2cFunction {
    /// Contents of the LUT: the sum without its carry. If the LUT is 0, both summands are equal, and the carry
    /// out is the LUT's value with `c` and `d` at 0.
    fn init(self) -> u16 {
        (0..16).fold(0, |init, index: u16| {
            let [a, b, c, d] = [0, 1, 2, 3].map(|input| index >> input & 1);
            let bit = match self {
                Self::Add => (a & b) ^ (c & d),
                Self::Subtract => (a & b) ^ (c & d) ^ 1,
                Self::AddUnless => (a & b) ^ (c & (d ^ 1)),
            };
            init | bit << index
        })
    }
}

/// The sum `name` of bits in ascending order; the carry out of the highest bit is dropped.
pub(crate) fn adder(body: &mut Body, name: &str, function: Ccu2cFunction, bits: &[Inputs]) -> Net {
    let sum = body.net(name, bits.len() as u32);
    let init = format!("16'h{:04x}", function.init());
    let parameters: Vec<String> = [("INIT0", init.as_str()), ("INIT1", &init)]
        .into_iter()
        .chain([("INJECT1_0", "\"NO\""), ("INJECT1_1", "\"NO\"")])
        .map(|(parameter, value)| format!(".{parameter}({value})"))
        .collect();
    let mut carry = if function == Ccu2cFunction::Subtract { "1'b1" } else { "1'b0" }.to_string();
    for (pair, inputs) in bits.chunks(2).enumerate() {
        let index = 2 * pair as u32;
        let is_last = index + 2 >= bits.len() as u32;
        let above = if is_last { format!("unused_{name}") } else { format!("carry_{name}_{pair}") };
        let mut pins = vec![vec![format!(".CIN({carry})")]];
        carry = body.net(&above, 1).text();
        for half in 0..2 {
            let zeros = || ["1'b0"; 4].map(str::to_string);
            let (inputs, output) = match inputs.get(half as usize) {
                Some(inputs) => (inputs.clone(), sum.bit(index + half)),
                None => (zeros(), body.net(&format!("unused_sum_{name}"), 1).text()),
            };
            let inputs = "ABCD".chars().zip(inputs).map(|(pin, net)| format!(".{pin}{half}({net})"));
            pins.push(inputs.chain([format!(".S{half}({output})")]).collect());
        }
        pins.push(vec![format!(".COUT({carry})")]);
        body.cell("CCU2C", vec![parameters.clone()], format!("cell_{name}_{pair}"), pins);
    }
    sum
}
