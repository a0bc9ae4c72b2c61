//! Statements of a requantizer with lines by channel.

use serde_json::Value as Json;

use super::super::datapath::statements_context;
use super::super::requantization::Requantization;
use super::super::table::{Address, BY_CHANNEL, table};
use super::channels::ChannelForm;
use super::clamp::{Accumulator, Clamp};
use crate::circuit::{Body, Factor, Net, concatenation, product, repeated};
use crate::unit::{Arch, Integer};

/// Registers between input and output, by position.
struct Registers {
    /// After the tables and the left shift.
    operands: bool,
    /// In and after the product.
    product: u32,
    /// After the offset is added.
    line: bool,
}

impl Registers {
    /// The first is at the output, the next in product, operands and sum; the rest are in the product.
    fn new(stages: u32) -> Self {
        let (operands, line) = (stages >= 3, stages >= 4);
        Self { operands, line, product: stages - 1 - u32::from(operands) - u32::from(line) }
    }
}

/// The registers inside the product of a requantizer of `stages` registers, its last included.
pub(in super::super) fn product_stages(stages: u32) -> u32 {
    Registers::new(stages).product
}

/// Context of the form with lines by channel, with `stages` registers and that structure of the product.
pub(in super::super) fn context(
    requantization: &Requantization,
    form: &ChannelForm,
    arch: Arch,
    stages: u32,
) -> Json {
    let registers = Registers::new(stages);
    let channel = requantization.channel().expect("a table has channels");
    let tables = Tables::new(form, requantization.accumulator, channel);
    let mut body = Body::enabled();
    let mut operands = Operands::new(&mut body, form, requantization.accumulator, &tables);
    // The operator takes its registers before the product, as every flow absorbs them into its blocks.
    let own = u32::from(registers.operands && arch.is_operator());
    if registers.operands {
        body.insert_registers(&mut operands.nets(!arch.is_operator()));
    }
    let Operands { x, multiplier, mut offset, mut sign, mut outside } = operands;
    let factors = [Factor { net: x, signed: true }, Factor { net: multiplier, signed: false }];
    let bits = form.x.bits + form.multiplier.bits;
    let value = product(&mut body, arch, factors, registers.product + own);
    let mut whole = if arch.is_operator() {
        body.signed("whole", bits, &value)
    } else {
        body.wire("whole", bits, &value)
    };
    let unread = unread_product(&whole, form);
    for stage in 1..=registers.product {
        let mut live = vec![&mut offset, &mut sign];
        live.extend(&mut outside);
        let mut kept = whole.sub(whole.hi.min(form.fraction + form.code.bits - 1), form.low.min(bits - 1));
        if stage == registers.product {
            live.push(&mut kept);
        }
        body.insert_registers(&mut live);
        if stage == registers.product {
            whole = kept;
        }
    }
    let hi = form.fraction + form.code.bits - 1;
    let sum = |net: &Net| match net.hi >= hi {
        true => net.slice(hi, form.low),
        false => Factor { net: net.above(form.low), signed: true }.extended(hi + 1 - form.low),
    };
    let extended = Factor { net: offset, signed: true }.extended(hi + 1 - form.low);
    let mut line = body.part("line", hi, form.low, &format!("{} + {extended}", sum(&whole)));
    if registers.line {
        let mut live = vec![&mut line, &mut sign];
        live.extend(&mut outside);
        body.insert_registers(&mut live);
    }
    let clamp = Clamp {
        fraction: form.fraction,
        code: form.code,
        bounds: bounds(requantization),
        out: requantization.out,
        is_sign_decisive: form.is_sign_decisive(requantization.out),
    };
    let clamped = clamp.emit(
        &mut body,
        &line,
        Accumulator { sign: sign.text(), outside: outside.map(|net| net.text()) },
    );
    let below = (form.fraction > form.low).then(|| line.slice(form.fraction - 1, form.low));
    let unused = below.into_iter().chain(unread).collect();
    statements_context(body, tables.json, clamped, unused, stages)
}

/// The bits of the product that the sum does not read.
fn unread_product(whole: &Net, form: &ChannelForm) -> Vec<String> {
    let top = form.fraction + form.code.bits;
    let above = (whole.hi >= top).then(|| whole.slice(whole.hi, top));
    let below = (form.low > 0).then(|| whole.slice(form.low - 1, 0));
    above.into_iter().chain(below).collect()
}

/// Smallest and largest code of the clamp.
pub(in super::super) fn bounds(requantization: &Requantization) -> (i64, i64) {
    let Requantization { out, clamp_min, clamp_max, .. } = requantization;
    let bound = |source: &Option<super::super::requantization::Source>, limit: i128| {
        source.as_ref().and_then(|source| source.constant()).unwrap_or(limit as i64)
    };
    (bound(clamp_min, out.min()), bound(clamp_max, out.max()))
}

/// The tables by channel.
struct Tables {
    json: Vec<Json>,
    shift: Option<Integer>,
    multiplier: Integer,
    offset: Integer,
    is_constant: bool,
}

impl Tables {
    fn new(form: &ChannelForm, accumulator: Integer, channel: Integer) -> Self {
        let channels = &form.channels;
        let largest = channels.iter().map(|channel| channel.shift).max().unwrap_or(0);
        let shift = (largest > 0).then(|| Integer::unsigned(largest.ilog2() + 1));
        let is_constant = channels.iter().any(|channel| channel.multiplier == 0);
        let differ = |offsets: &[i128]| offsets.iter().any(|offset| *offset != offsets[0]);
        let has_signs = channels.iter().any(|channel| differ(&channel.offsets));
        let offset = form.offset_type();
        let mut json = Vec::new();
        let own = |name: &'static str, integer: Integer, numbers: Vec<i64>| {
            table(
                name,
                BY_CHANNEL,
                integer,
                &Address { text: "channel".to_string(), bits: channel.bits },
                &numbers,
            )
        };
        if let Some(shift) = shift {
            json.push(own("shift", shift, channels.iter().map(|channel| channel.shift.into()).collect()));
        }
        json.push(own(
            "multiplier",
            form.multiplier,
            channels.iter().map(|channel| channel.multiplier as i64).collect(),
        ));
        if is_constant {
            let flags = channels.iter().map(|channel| i64::from(channel.multiplier == 0)).collect();
            json.push(own("is_constant", Integer::unsigned(1), flags));
        }
        let scaled = |offset: &i128| (offset >> form.low) as i64;
        if has_signs {
            // Past the end, the last channel is used.
            let last = channels.last().into_iter().cycle();
            let all = channels.iter().chain(last).take(1 << channel.bits);
            let numbers: Vec<i64> =
                all.flat_map(|channel| channel.offsets.iter().rev().map(scaled)).collect();
            let text = format!("{{channel, acc[{}]}}", accumulator.bits - 1);
            json.push(table(
                "offset",
                BY_CHANNEL,
                offset,
                &Address { text, bits: channel.bits + 1 },
                &numbers,
            ));
        } else {
            json.push(own(
                "offset",
                offset,
                channels.iter().map(|channel| scaled(&channel.offsets[0])).collect(),
            ));
        }
        Self { json, shift, multiplier: form.multiplier, offset, is_constant }
    }
}

impl ChannelForm {
    /// Whether the lines leave a type below its smallest value only for negative accumulators, and above its
    /// largest value only for others.
    fn is_sign_decisive(&self, out: Integer) -> bool {
        self.channels.iter().all(|channel| {
            let below_zero = channel.offsets[0] - (channel.multiplier << channel.shift);
            [below_zero, channel.offsets[1]].iter().all(|level| out.holds(level >> self.fraction))
        })
    }

    /// The type of an offset without the bits below the sum.
    fn offset_type(&self) -> Integer {
        let offsets =
            self.channels.iter().flat_map(|channel| &channel.offsets).map(|offset| offset >> self.low);
        let magnitude =
            offsets.map(|offset| if offset < 0 { !offset } else { offset }).max().unwrap_or(0).max(1);
        Integer::signed(129 - magnitude.leading_zeros())
    }
}

/// Operands of the product, and the signals that are delayed with it.
struct Operands {
    x: Net,
    multiplier: Net,
    offset: Net,
    sign: Net,
    outside: Option<Net>,
}

impl Operands {
    fn new(body: &mut Body, form: &ChannelForm, accumulator: Integer, tables: &Tables) -> Self {
        let (bits, top) = (form.x.bits, accumulator.bits - 1);
        let sign = body.wire("below_zero", 1, &format!("acc[{top}]"));
        let own = Net::part("acc", (bits - 1).min(top), 0).text();
        let low = concatenation(&[repeated(&sign.text(), bits.saturating_sub(top + 1)), own]);
        let x = if tables.shift.is_some() { format!("{low} << shift") } else { low };
        let x = body.signed("aligned", bits, &format!("$signed({x})"));
        let outside = Self::outside(body, form, accumulator, tables);
        let multiplier = Net::new("multiplier", tables.multiplier.bits);
        let offset = Net::part("offset", tables.offset.bits - 1, 0);
        Self { x, multiplier, offset, sign, outside }
    }

    /// Whether the accumulator does not fit the window of its channel.
    fn outside(body: &mut Body, form: &ChannelForm, accumulator: Integer, tables: &Tables) -> Option<Net> {
        let top = accumulator.bits - 1;
        let window = form.x.bits;
        let far = (window <= top).then(|| {
            let above = Net::part("acc", top, window - 1).text();
            format!("((|{above}) & ~(&{above}))")
        });
        let largest = form.channels.iter().map(|channel| channel.shift).max().unwrap_or(0);
        let near = (1..=largest).filter(|shift| window - 1 - shift < top).map(|shift| {
            let bits = tables.shift.expect("a shift").bits;
            format!("((shift >= {bits}'d{shift}) & (acc[{}] ^ acc[{top}]))", window - 1 - shift)
        });
        let any: Vec<String> = far.into_iter().chain(near).collect();
        let exempt = if tables.is_constant { "~is_constant & " } else { "" };
        (!any.is_empty()).then(|| body.wire("outside", 1, &format!("{exempt}({})", any.join(" | "))))
    }

    /// The signals, with or without the factors.
    fn nets(&mut self, has_factors: bool) -> Vec<&mut Net> {
        let mut nets = if has_factors { vec![&mut self.x, &mut self.multiplier] } else { Vec::new() };
        nets.extend([&mut self.offset, &mut self.sign]);
        nets.extend(&mut self.outside);
        nets
    }
}
