//! Rejects parameters that cannot be packed, with the reason and a fix that fits.

use super::{PackedMultiplierParameters, Pairing};
use crate::circuit::packed_multiplier::{Block, FactorRow, FactorSide, Packing};
use crate::unit::ConfigError;

fn refuse<T>(reason: String, fix: impl Into<String>) -> Result<T, ConfigError> {
    Err(ConfigError::Combination { reason, fix: fix.into() })
}

/// Checks the rules between the parameters.
pub(super) fn check(parameters: &PackedMultiplierParameters) -> Result<(), ConfigError> {
    let &PackedMultiplierParameters { packing, pairing, stages } = parameters;
    for side in FactorSide::BOTH {
        let (row, name) = (packing.row(side), side.word());
        if row.narrow && !row.integer.signed {
            return refuse(
                format!("{name}_narrow=true leaves out a most negative value that {name} does not have"),
                format!("set {name}_signed=true, or leave it out"),
            );
        }
    }
    if packing.a.lanes.max(packing.b.lanes) == 1 {
        return refuse(
            "one element of a and one of b give a single product, which cannot be packed".to_string(),
            "set a_lanes or b_lanes to 2, or use the unit multiplier",
        );
    }
    if packing.terms > 1 && stages == 0 {
        return refuse(
            format!("terms={} sums products in a register, but stages=0 has no registers", packing.terms),
            "set stages to at least 1",
        );
    }
    match (pairing, packing.block) {
        (Pairing::Elementwise, Block::SbMac16) => check_elementwise(packing, stages),
        (Pairing::Elementwise, block) => refuse(
            format!("pairing=elementwise needs two multipliers in one block, but the {} of target={} has one", block.name(), block.word()),
            "set target=ice40, or pairing=outer",
        ),
        (Pairing::Outer, Block::SbMac16) => refuse(
            "pairing=outer needs one wide product, but the SB_MAC16 of target=ice40 is used as two multipliers of 8 by 8 bits".to_string(),
            "set pairing=elementwise a_lanes=2 b_lanes=2, or target to ecp5, xc7 or xcup",
        ),
        _ if packing.placed().is_some() => Ok(()),
        _ => refuse(misfit(packing), fix(packing)),
    }
}

fn check_elementwise(packing: Packing, stages: u32) -> Result<(), ConfigError> {
    let widest = packing.a.integer.bits.max(packing.b.integer.bits);
    if (packing.a.lanes, packing.b.lanes) != (2, 2) {
        return refuse(
            "pairing=elementwise multiplies two elements of a with two of b".to_string(),
            "set a_lanes=2 and b_lanes=2",
        );
    }
    if widest > 8 {
        return refuse(
            format!(
                "an element of {widest} bits does not fit the multipliers of SB_MAC16, which take 8 by 8 bits"
            ),
            "set a_bits and b_bits to at most 8",
        );
    }
    if packing.terms > 1 {
        return refuse(
            format!(
                "terms={} needs a sum, but pairing=elementwise bypasses the adders of SB_MAC16",
                packing.terms
            ),
            "set terms=1, or pairing=outer and another target",
        );
    }
    if stages > 2 {
        return refuse(
            format!(
                "stages={stages} is more than the registers of SB_MAC16 before its products, which are 2"
            ),
            "set stages to at most 2",
        );
    }
    Ok(())
}

/// Reason why a packing does not fit its block.
fn misfit(packing: Packing) -> String {
    let Packing { a, b, block, terms } = packing;
    let spacing = packing.field().bits;
    let sums = if terms > 1 { format!(", {terms} of each added up,") } else { String::new() };
    let what = format!(
        "{}x{} products of {} and {}{sums} take {spacing} bits each",
        a.lanes,
        b.lanes,
        described(FactorSide::A, a),
        described(FactorSide::B, b)
    );
    let [wide, narrow] = block.factors();
    let target = block.word();
    if packing.sum_bits() > block.sum_bits() {
        return format!(
            "{what}, {} in all, more than the {} of {} (target={target})",
            packing.sum_bits(),
            block.sum_bits(),
            block.name()
        );
    }
    format!(
        "{what}, which makes factors of {} and {} bits, and {} (target={target}) multiplies {wide} by {narrow}",
        packing.word_bits(FactorSide::A),
        packing.word_bits(FactorSide::B),
        block.name(),
    )
}

fn described(side: FactorSide, row: FactorRow) -> String {
    let without = if row.narrow { format!(" without {}", row.integer.min()) } else { String::new() };
    format!("{} ({}{without})", side.word(), row.integer.short())
}

/// Suggestions that fit: fewer terms, an operand without its most negative value, or a wider block.
fn fix(packing: Packing) -> String {
    let fits = |changed: &Packing| changed.placed().is_some();
    let mut fixes = Vec::new();
    let fewer = (1..packing.terms).rev().find(|&terms| fits(&Packing { terms, ..packing }));
    fixes.extend(fewer.map(|terms| format!("set terms to at most {terms}")));
    for side in [FactorSide::B, FactorSide::A] {
        let (row, name) = (packing.row(side), side.word());
        let narrow = FactorRow { narrow: true, ..row };
        let changed = match side {
            FactorSide::A => Packing { a: narrow, ..packing },
            FactorSide::B => Packing { b: narrow, ..packing },
        };
        if row.integer.signed && fits(&changed) {
            fixes.push(format!("set {name}_narrow=true if {name} is never {}", row.integer.min()));
        }
    }
    for block in [Block::Dsp48e1, Block::Dsp48e2] {
        if fits(&Packing { block, ..packing }) {
            fixes.push(format!("set target={}", block.word()));
        }
    }
    if fixes.is_empty() { "use narrower or fewer elements".to_string() } else { fixes.join(", or ") }
}
