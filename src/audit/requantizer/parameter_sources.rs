//! Sources of multiplier, shift and zero point: ports, or constants of `--set`.

use super::parameters::RequantizerParameters;
use crate::arithmetic::rescale::quantize_multiplier;
use crate::audit::error::AuditError;
use crate::audit::operands::decode;
use crate::audit::port_map::PortMap;
use crate::audit::role::MapRole;
use crate::audit::settings::Settings;

/// Source of one parameter.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ParameterSource {
    /// The same value in every transaction.
    Constant(i64),
    /// Operands.
    Port {
        /// Index of the first operand element.
        first: usize,
        /// Number of elements: one per lane, or one for all lanes.
        elements: usize,
        /// Width of one element.
        bits: u32,
    },
}

/// The roles and settings that give the shift; a design has one of them.
const SHIFT_ROLES: [MapRole; 3] = [MapRole::Shift, MapRole::RightShift, MapRole::TotalShift];

/// Sources of all parameters of a requantizer.
#[derive(Clone, Debug)]
pub(crate) struct RequantizerSources {
    pub multiplier: ParameterSource,
    pub shift: ParameterSource,
    pub zero_point: ParameterSource,
    /// Meaning of the shift, one of [`SHIFT_ROLES`].
    pub shift_role: MapRole,
    /// Right shift of the whole product if the shift parameter is 0.
    pub base_shift: i32,
    /// Whether the accumulator is multiplied rather than only shifted.
    pub has_multiplier: bool,
    /// Scale as a real number, if it was given as one.
    real_scale: Option<f64>,
}

impl RequantizerSources {
    pub fn new(map: &PortMap, settings: &Settings) -> Result<Self, AuditError> {
        let zero_point = source(map, settings, MapRole::ZeroPoint, -(1 << 31)..=(1 << 32))?;
        let multiplier = source(map, settings, MapRole::Multiplier, 1..=(1 << 40))?;
        let mut shifts = Vec::new();
        for role in SHIFT_ROLES {
            shifts.extend(source(map, settings, role, -80..=100)?.map(|source| (role, source)));
        }
        let real_scale = settings.real("scale")?;
        let has_multiplier = real_scale.is_some() || multiplier.is_some();
        let (multiplier, shift_role, shift) = match (real_scale, multiplier, &shifts[..]) {
            (Some(scale), None, []) => {
                let (multiplier, shift) = quantize_multiplier(scale);
                let constant = |value: i32| ParameterSource::Constant(value.into());
                (constant(multiplier), MapRole::Shift, constant(shift))
            }
            (None, Some(multiplier), &[(role, shift)]) => (multiplier, role, shift),
            // A shift alone is a multiplier of one half and a shift by one bit less.
            (None, None, &[(role, shift)]) => (ParameterSource::Constant(1 << 30), role, shift),
            (_, _, [_, _, ..]) | (Some(_), _, _) => return Err(AuditError::AmbiguousScale),
            _ => return Err(AuditError::UnknownScale),
        };
        let base_shift = match (has_multiplier, shift_role) {
            (false, _) => 30,
            (true, MapRole::TotalShift) => 0,
            (true, _) => 31,
        };
        let zero_point = zero_point.unwrap_or(ParameterSource::Constant(0));
        Ok(Self { multiplier, shift, zero_point, shift_role, base_shift, has_multiplier, real_scale })
    }

    /// The parameters of a design in which all of them are constants.
    pub fn constant(&self) -> Option<RequantizerParameters> {
        let sources = [self.multiplier, self.shift, self.zero_point];
        let has_port = sources.iter().any(|source| matches!(source, ParameterSource::Port { .. }));
        (!has_port).then(|| self.at(&[], 0, 0, true))
    }

    /// The parameters of one lane of a transaction.
    ///
    /// `out_signed` is the signedness of output codes and thus of the zero point.
    pub fn at(
        &self,
        operands: &[Vec<u64>],
        row: usize,
        lane: usize,
        out_signed: bool,
    ) -> RequantizerParameters {
        let value = |source: ParameterSource, signed: bool| match source {
            ParameterSource::Constant(value) => value,
            ParameterSource::Port { first, elements, bits } => {
                decode(operands[first + lane % elements][row], bits, signed)
            }
        };
        let multiplier = value(self.multiplier, false);
        let shift = self.total_shift(value(self.shift, self.shift_role == MapRole::Shift));
        let scale = self.real_scale.unwrap_or(multiplier as f64 * 2f64.powi(-shift));
        RequantizerParameters { multiplier, shift, scale, zero_point: value(self.zero_point, out_signed) }
    }

    /// The right shift of the whole product for a value of the shift parameter.
    pub fn total_shift(&self, value: i64) -> i32 {
        if self.shift_role == MapRole::Shift {
            self.base_shift - value as i32
        } else {
            self.base_shift + value as i32
        }
    }
}

/// The source of one parameter, `None` if it is neither mapped nor set.
fn source(
    map: &PortMap,
    settings: &Settings,
    role: MapRole,
    range: std::ops::RangeInclusive<i64>,
) -> Result<Option<ParameterSource>, AuditError> {
    let constant = settings.integer(role.name(), range)?;
    let Some(mapped) = map.role(role) else { return Ok(constant.map(ParameterSource::Constant)) };
    if constant.is_some() {
        return Err(AuditError::Duplicate(format!("{}, by --map and by --set,", role.name())));
    }
    let before = map.operands().take_while(|operand| operand.role != role);
    let first = before.map(|operand| operand.elements).sum();
    Ok(Some(ParameterSource::Port { first, elements: mapped.elements, bits: mapped.bits }))
}
