//! Bits of a connection.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A net or a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "JsonBit", into = "JsonBit")]
pub(crate) enum Bit {
    Zero,
    One,
    /// `x` or `z`, as after a register without reset.
    Undefined,
    /// Number of the net, unique in its module.
    Net(u32),
}

impl Bit {
    /// Number of the net; `None` for a constant.
    pub(crate) fn net(self) -> Option<u32> {
        match self {
            Self::Net(net) => Some(net),
            _ => None,
        }
    }

    pub(crate) fn is_constant(self) -> bool {
        self.net().is_none()
    }
}

/// A bit as Yosys writes it: a number for a net, a string for a constant.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum JsonBit {
    Net(u32),
    Constant(Cow<'static, str>),
}

impl From<JsonBit> for Bit {
    fn from(bit: JsonBit) -> Self {
        match bit {
            JsonBit::Net(net) => Self::Net(net),
            JsonBit::Constant(digit) => match &*digit {
                "0" => Self::Zero,
                "1" => Self::One,
                _ => Self::Undefined,
            },
        }
    }
}

impl From<Bit> for JsonBit {
    fn from(bit: Bit) -> Self {
        match bit {
            Bit::Zero => Self::Constant("0".into()),
            Bit::One => Self::Constant("1".into()),
            Bit::Undefined => Self::Constant("x".into()),
            Bit::Net(net) => Self::Net(net),
        }
    }
}
