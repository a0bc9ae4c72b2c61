//! Codes bit by bit, highest first: each bit is a comparison of the accumulator with one of the thresholds.
//!
//! It is a binary search without loops, one level per bit of the code, and exists for every monotone rule.

use serde_json::Value as Json;

use super::super::datapath::statements_context;
use super::super::output::literal;
use super::super::requantization::Requantization;
use super::super::table::{Address, table};
use super::staircase::Staircase;
use crate::circuit::schedule::Schedule;
use crate::circuit::verilog::as_type;
use crate::circuit::{Body, Net, concatenation, repeated};
use crate::unit::Integer;

/// Largest width of a code, because the tables of thresholds double with each bit.
pub(crate) const WIDEST_CODE: u32 = 8;

/// Thresholds of all channels, and the type that they are compared in.
#[derive(Clone, Debug)]
pub(crate) struct ComparisonForm {
    staircases: Vec<Staircase>,
    /// Accumulators outside it have the code at its end.
    window: Integer,
    /// One bit wider than the window, for thresholds that no accumulator reaches.
    compared: Integer,
}

impl ComparisonForm {
    /// The form with the thresholds of each channel, a single one without a table.
    pub(in super::super) fn new(staircases: Vec<Staircase>) -> Self {
        let bits = staircases.iter().map(|staircase| staircase.window().bits).max().unwrap_or(2);
        Self { staircases, window: Integer::signed(bits), compared: Integer::signed(bits + 1) }
    }

    /// The accumulator from which on a channel has at least a code, saturated to the compared type.
    fn threshold(&self, channel: usize, code: i64) -> i64 {
        let staircase = &self.staircases[channel.min(self.staircases.len() - 1)];
        match usize::try_from(code - staircase.first - 1) {
            Err(_) => self.window.min() as i64,
            Ok(index) => staircase.thresholds.get(index).copied().unwrap_or(self.window.max() as i64 + 1),
        }
    }

    /// The thresholds of a level, by channel and by the bits that are known; `bit` is the one that is searched.
    fn level(&self, out: Integer, channels: usize, bit: u32) -> Vec<i64> {
        let known = 1i64 << (out.bits - 1 - bit);
        let code = |prefix: i64| out.min() as i64 + (prefix << (bit + 1) | 1 << bit);
        (0..channels)
            .flat_map(|channel| (0..known).map(move |prefix| (channel, prefix)))
            .map(|(channel, prefix)| self.threshold(channel, code(prefix)))
            .collect()
    }

    /// The code of an accumulator of a channel, by the comparisons of the circuit.
    #[cfg(test)]
    pub(super) fn code(&self, out: Integer, channel: usize, acc: i128) -> i64 {
        let near = acc.clamp(self.window.min(), self.window.max());
        let index = (0..out.bits).rev().fold(0i64, |index, bit| {
            let prefixes = 1usize << (out.bits - 1 - bit);
            let threshold = self.level(out, channel + 1, bit)[channel * prefixes + index as usize];
            assert!(self.compared.holds(threshold.into()));
            2 * index + i64::from(near >= threshold.into())
        });
        out.min() as i64 + index
    }

    /// Context of `templates/requantizer.v.tera` with `stages` registers from input to output.
    pub(in super::super) fn context(&self, requantization: &Requantization, stages: u32) -> Json {
        let out = requantization.out;
        let schedule = Schedule::new(out.bits, stages);
        let mut body = Body::enabled();
        let mut near = self.near(&mut body, requantization.accumulator);
        let mut channel = requantization.channel().map(|integer| Net::new("channel", integer.bits));
        let channels = channel.as_ref().map_or(1, |net| 1 << net.bits());
        for _ in 0..schedule.before() {
            body.insert_registers(&mut [&mut near].into_iter().chain(&mut channel).collect::<Vec<_>>());
        }
        let mut index: Option<Net> = None;
        for bit in (0..out.bits).rev() {
            let thresholds = self.level(out, channels, bit);
            let known: Vec<&Net> = channel.iter().chain(&index).collect();
            let threshold = match thresholds[..] {
                [threshold] => literal(threshold, self.compared.bits),
                _ => {
                    let address = Address {
                        text: concatenation(&known.iter().map(|net| net.text()).collect::<Vec<_>>()),
                        bits: known.iter().map(|net| net.bits()).sum(),
                    };
                    let name = format!("threshold_{bit}");
                    body.table(table(&name, THRESHOLDS, self.compared, &address, &thresholds));
                    name
                }
            };
            let reached = format!("{} >= {threshold}", as_type(&near.text(), true));
            let reached = body.wire(&format!("reached_{bit}"), 1, &reached).text();
            let bits = concatenation(&index.iter().map(Net::text).chain([reached]).collect::<Vec<_>>());
            let mut code = body.wire(&format!("code_{bit}"), out.bits - bit, &bits);
            if schedule.registers_after(out.bits - bit) {
                let live = [&mut near, &mut code].into_iter().chain(&mut channel);
                body.insert_registers(&mut live.collect::<Vec<_>>());
            }
            index = Some(code);
        }
        let index = index.expect("a code has bits");
        let top = out.bits - 1;
        let clamped = match out.signed {
            true => format!("$signed({{~{}, {}}})", index.bit(top), index.slice(top - 1, 0)),
            false => index.text(),
        };
        statements_context(body, Vec::new(), clamped, Vec::new(), stages)
    }

    /// The accumulator, saturated to the window.
    fn near(&self, body: &mut Body, accumulator: Integer) -> Net {
        let (bits, top) = (self.window.bits, accumulator.bits - 1);
        let sign = Net::part("acc", top, top).text();
        let own = Net::part("acc", (bits - 1).min(top), 0).text();
        let own =
            concatenation(&[repeated(&sign, (bits + 1).saturating_sub(accumulator.bits.min(bits))), own]);
        if bits > top {
            return body.wire("near", bits + 1, &own);
        }
        let above = Net::part("acc", top, bits - 1).text();
        let fits = body.wire("fits", 1, &format!("(&{above}) | ~(|{above})")).text();
        let end = format!("{{{}, {{{}{{~{sign}}}}}}}", repeated(&sign, 2), bits - 1);
        body.wire("near", bits + 1, &format!("{fits} ? {own} : {end}"))
    }
}

const THRESHOLDS: &str = "By the bits of the code that are known, behind the channel.";
