//! Sources of multiplier, shift and zero point: ports, or constants of `--set`.

use super::parameters::TransactionParameters;
use super::reading::ParameterSigns;
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

impl ParameterSource {
    /// Width of a port, `None` for a constant.
    pub fn port_bits(self) -> Option<u32> {
        match self {
            Self::Constant(_) => None,
            Self::Port { bits, .. } => Some(bits),
        }
    }

    /// Whether the parameter is a port.
    pub fn is_port(self) -> bool {
        self.port_bits().is_some()
    }
}

/// The greatest magnitude of a shift; those beyond have the same effect.
const MAX_SHIFT: i64 = 1000;

/// The roles and settings that give the shift; a design has one of them.
const SHIFT_ROLES: [MapRole; 3] = [MapRole::Shift, MapRole::RightShift, MapRole::TotalShift];

/// Sources of all parameters of a requantizer.
#[derive(Clone, Debug)]
pub(crate) struct RequantizerSources {
    pub multiplier: ParameterSource,
    pub shift: ParameterSource,
    pub zero_point: ParameterSource,
    pub bias: ParameterSource,
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
        let bias = source(map, settings, MapRole::Bias, -(1 << 40)..=(1 << 40))?;
        let bias = bias.unwrap_or(ParameterSource::Constant(0));
        Ok(Self { multiplier, shift, zero_point, bias, shift_role, base_shift, has_multiplier, real_scale })
    }

    /// The parameters of a design in which all of them are constants.
    pub fn constant(&self) -> Option<TransactionParameters> {
        let sources = [self.multiplier, self.shift, self.zero_point, self.bias];
        let has_port = sources.into_iter().any(ParameterSource::is_port);
        let signs = ParameterSigns { multiplier: true, zero_point: true, bias: true };
        (!has_port).then(|| self.at(&[], 0, 0, signs))
    }

    /// The greatest right shift of the whole product.
    pub fn most_shift(&self) -> i32 {
        match self.shift {
            ParameterSource::Constant(value) => self.total_shift(value),
            ParameterSource::Port { bits, .. } if self.has_signed_shift() => {
                self.total_shift(-(1 << (bits - 1)))
            }
            ParameterSource::Port { bits, .. } => self.total_shift((1 << bits) - 1),
        }
    }

    /// The same parameters with a constant bias.
    pub fn with_bias(&self, bias: i64) -> Self {
        Self { bias: ParameterSource::Constant(bias), ..self.clone() }
    }

    /// Whether a zero point other than 0 can be added.
    pub fn has_zero_point(&self) -> bool {
        !matches!(self.zero_point, ParameterSource::Constant(0))
    }

    /// Whether the scale is a Q0.31 multiplier with a shift, whose rules limit the shift.
    pub fn is_q31(&self) -> bool {
        self.has_multiplier && self.shift_role != MapRole::TotalShift
    }

    /// Whether the shift port is in two's complement.
    pub fn has_signed_shift(&self) -> bool {
        self.shift_role == MapRole::Shift
    }

    /// The parameters of one lane of a transaction.
    pub fn at(
        &self,
        operands: &[Vec<u64>],
        row: usize,
        lane: usize,
        signs: ParameterSigns,
    ) -> TransactionParameters {
        let value = |source: ParameterSource, signed: bool| match source {
            ParameterSource::Constant(value) => value,
            ParameterSource::Port { first, elements, bits } => {
                decode(operands[first + lane % elements][row], bits, signed)
            }
        };
        let multiplier = value(self.multiplier, signs.multiplier);
        let shift = self.total_shift(value(self.shift, self.has_signed_shift()));
        let scale = self.real_scale.unwrap_or(multiplier as f64 * 2f64.powi(-shift));
        let (zero_point, bias) = (value(self.zero_point, signs.zero_point), value(self.bias, signs.bias));
        TransactionParameters { multiplier, shift, scale, zero_point, bias }
    }

    /// The right shift of the whole product for a value of the shift parameter.
    pub fn total_shift(&self, value: i64) -> i32 {
        let right = if self.has_signed_shift() { -value } else { value };
        self.base_shift + right.clamp(-MAX_SHIFT, MAX_SHIFT) as i32
    }

    /// The value of the shift parameter that gives a right shift of the whole product.
    pub fn shift_value(&self, total_shift: i32) -> i64 {
        let right = i64::from(total_shift) - i64::from(self.base_shift);
        if self.has_signed_shift() { -right } else { right }
    }

    /// The sources with their names, multiplier first.
    pub fn named(&self) -> [(&'static str, ParameterSource); 4] {
        [
            (MapRole::Multiplier.name(), self.multiplier),
            (self.shift_role.name(), self.shift),
            (MapRole::ZeroPoint.name(), self.zero_point),
            (MapRole::Bias.name(), self.bias),
        ]
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
