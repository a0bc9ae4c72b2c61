//! Packed vectors: equal fields side by side, one a lane.

use super::body::Body;
use super::net::Net;

/// A net of equal fields, that of lane 0 in the lowest bits. Statements for every lane name it by the genvar `i`.
#[derive(Clone, Debug)]
pub(crate) struct LaneVector {
    /// The whole vector.
    pub(crate) net: Net,
    /// Width of a field.
    pub(crate) bits: u32,
}

impl LaneVector {
    /// A vector that is declared elsewhere.
    pub(crate) fn new(name: &str, bits: u32, lanes: u32) -> Self {
        Self { net: Net::new(name, bits * lanes), bits }
    }

    /// Declares a vector whose fields are set lane by lane.
    pub(crate) fn declared(body: &mut Body, name: &str, bits: u32, lanes: u32) -> Self {
        Self { net: body.net(name, bits * lanes), bits }
    }

    /// The field of lane `i`.
    pub(crate) fn at(&self) -> String {
        self.field(self.bits - 1, 0)
    }

    /// The bits `hi` to `lo` of the field of lane `i`.
    pub(crate) fn field(&self, hi: u32, lo: u32) -> String {
        self.part(1, hi, lo)
    }

    /// The bits `hi` to `lo` of the fields of the lanes `2 * i` and `2 * i + 1`.
    pub(crate) fn pair(&self, hi: u32, lo: u32) -> [String; 2] {
        [self.part(2, hi, lo), self.part(2, hi + self.bits, lo + self.bits)]
    }

    /// Clears the lanes from `used` on, if there are any.
    pub(crate) fn clear_from(&self, body: &mut Body, used: u32) {
        let bits = self.net.bits() - used * self.bits;
        if bits > 0 {
            body.assign(&self.net.slice(self.net.hi, used * self.bits), &format!("{bits}'d0"));
        }
    }

    /// The bits `hi` to `lo` from where the field of every `stride`th lane begins.
    fn part(&self, stride: u32, hi: u32, lo: u32) -> String {
        let name = &self.net.name;
        let start = match (stride * self.bits, lo) {
            (1, 0) => "i".to_string(),
            (step, 0) => format!("{step}*i"),
            (step, _) => format!("{step}*i + {lo}"),
        };
        match hi - lo + 1 {
            _ if self.net.bits() == 1 => name.clone(),
            1 => format!("{name}[{start}]"),
            width => format!("{name}[{start} +: {width}]"),
        }
    }
}
