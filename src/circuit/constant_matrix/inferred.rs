//! Constant matrix by operators: one product for each nonzero weight, and their sum.

use std::collections::BTreeMap;

use super::range::Range;
use crate::circuit::body::Body;
use crate::circuit::net::{Factor, Net};
use crate::circuit::schedule::Schedule;
use crate::unit::{Integer, Matrix};

/// Adds products and sums to the body, with `stages` registers up to the sums. Returns the value of
/// each output in that type, as an expression.
pub(crate) fn inferred(
    body: &mut Body,
    matrix: &Matrix,
    x: Integer,
    output: Integer,
    stages: u32,
) -> Vec<String> {
    let schedule = Schedule::new(2, stages);
    let is_read = |input: &usize| matrix.rows().any(|row| row[*input] != 0);
    let mut inputs: BTreeMap<usize, Net> = (0..matrix.columns())
        .filter(is_read)
        .map(|input| {
            let lo = input as u32 * x.bits;
            let element = Net::part("x", lo + x.bits - 1, lo);
            (input, body.wire(&format!("x_{input}"), x.bits, &element.text()))
        })
        .collect();
    (0..schedule.before()).for_each(|_| body.insert_registers(&mut inputs.values_mut().collect::<Vec<_>>()));
    body.blank_line();
    let mut products: Vec<Vec<Factor>> = Vec::new();
    for (row, weights) in matrix.rows().enumerate() {
        let row = weights.iter().enumerate().filter(|(_, weight)| **weight != 0).map(|(input, &weight)| {
            product(body, &format!("product_{row}_{input}"), &inputs[&input], x, weight)
        });
        products.push(row.collect());
    }
    if schedule.registers_after(1) {
        body.insert_registers(
            &mut products.iter_mut().flatten().map(|product| &mut product.net).collect::<Vec<_>>(),
        );
    }
    body.blank_line();
    let mut sums: Vec<Option<Net>> = Vec::new();
    for (row, products) in products.iter().enumerate() {
        let terms: Vec<String> = products.iter().map(|product| product.extended(output.bits)).collect();
        let sum =
            (!terms.is_empty()).then(|| body.wire(&format!("sum_{row}"), output.bits, &terms.join(" + ")));
        sums.push(sum);
    }
    if stages > 0 {
        body.insert_registers(&mut sums.iter_mut().flatten().collect::<Vec<_>>());
    }
    body.blank_line();
    sums.iter().map(|sum| sum.as_ref().map_or(format!("{}'d0", output.bits), Net::text)).collect()
}

/// A product in the narrowest type that holds it, unsigned where neither factor is ever negative.
fn product(body: &mut Body, name: &str, x: &Net, integer: Integer, weight: i64) -> Factor {
    let signed = integer.signed || weight < 0;
    let lowest = if signed { -1 } else { 0 };
    let weight_type = Range { min: weight.min(lowest), max: weight }.integer();
    let range = Range::of_form(&[weight], Range::of(integer));
    let bits = Range { min: range.min.min(lowest), ..range }.integer().bits;
    let weight = weight_type.encode(weight.into());
    let value = match (signed, integer.signed) {
        (false, _) => format!("{} * {}'d{weight}", x.text(), weight_type.bits),
        (true, true) => format!("$signed({}) * {}'sh{weight:x}", x.text(), weight_type.bits),
        (true, false) => format!("$signed({{1'b0, {}}}) * {}'sh{weight:x}", x.text(), weight_type.bits),
    };
    let net = if signed { body.signed(name, bits, &value) } else { body.wire(name, bits, &value) };
    Factor { net, signed }
}
