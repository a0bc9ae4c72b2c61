//! Devices: what they have, and how place and route names them.

use super::family::Family;
use super::resources::Resources;
use crate::toolchain::{NEXTPNR_ECP5, NEXTPNR_ICE40, Program};

/// A device of a family.
#[derive(Debug)]
pub struct Part {
    /// Name, as `--part` takes it.
    pub name: &'static str,
    /// Family of the device.
    pub family: Family,
    /// What the device has; its carry cells come with the LUTs and are not counted.
    pub capacity: Resources,
    /// Place and route tool and the arguments that name the device; `None` without an open one.
    pub(crate) placement: Option<(Program, &'static [&'static str])>,
}

const fn capacity(lut: u64, ff: u64, dsp: u64, ram: u64) -> Resources {
    Resources { lut, carry: 0, ff, dsp, ram }
}

/// The parts, those of a family in the order of their size.
pub static PARTS: [Part; 9] = [
    Part {
        name: "up5k",
        family: Family::Ice40,
        capacity: capacity(5_280, 5_280, 8, 30),
        placement: Some((NEXTPNR_ICE40, &["--up5k", "--package", "sg48"])),
    },
    Part {
        name: "hx8k",
        family: Family::Ice40,
        capacity: capacity(7_680, 7_680, 0, 32),
        placement: Some((NEXTPNR_ICE40, &["--hx8k", "--package", "ct256"])),
    },
    Part {
        name: "lfe5u-25f",
        family: Family::Ecp5,
        capacity: capacity(24_288, 24_288, 28, 56),
        placement: Some((NEXTPNR_ECP5, &["--25k", "--package", "CABGA381", "--speed", "6"])),
    },
    Part {
        name: "lfe5u-45f",
        family: Family::Ecp5,
        capacity: capacity(43_848, 43_848, 72, 108),
        placement: Some((NEXTPNR_ECP5, &["--45k", "--package", "CABGA381", "--speed", "6"])),
    },
    Part {
        name: "lfe5u-85f",
        family: Family::Ecp5,
        capacity: capacity(83_640, 83_640, 156, 208),
        placement: Some((NEXTPNR_ECP5, &["--85k", "--package", "CABGA381", "--speed", "6"])),
    },
    Part {
        name: "xc7a35t",
        family: Family::Xc7,
        capacity: capacity(20_800, 41_600, 90, 100),
        placement: None,
    },
    Part {
        name: "xc7a100t",
        family: Family::Xc7,
        capacity: capacity(63_400, 126_800, 240, 270),
        placement: None,
    },
    Part {
        name: "xc7z020",
        family: Family::Xc7,
        capacity: capacity(53_200, 106_400, 220, 280),
        placement: None,
    },
    Part {
        name: "xczu3eg",
        family: Family::Xcup,
        capacity: capacity(70_560, 141_120, 360, 432),
        placement: None,
    },
];

impl Part {
    /// Looks a part up by its name.
    pub fn from_name(name: &str) -> Option<&'static Self> {
        PARTS.iter().find(|part| part.name == name)
    }

    /// The part on which modules of a family are measured unless one is named.
    ///
    /// Among the iCE40 devices only the slower UltraPlus have DSP blocks.
    pub fn usual(family: Family, dsp: bool) -> &'static Self {
        let is_usual = |part: &&Self| {
            part.family == family && (family != Family::Ice40 || dsp == (part.capacity.dsp > 0))
        };
        PARTS.iter().find(is_usual).expect("every family has a part")
    }

    /// The usual part of a family if it holds `resources` with a tenth of its LUTs free, otherwise the first that
    /// does, or the last of the family.
    ///
    /// Placement seldom succeeds in a fuller part.
    pub fn that_holds(family: Family, resources: &Resources) -> &'static Self {
        let usual = Self::usual(family, false);
        let mut parts = PARTS.iter().filter(|part| part.family == family);
        let has_room = |part: &&Self| 10 * resources.lut <= 9 * part.capacity.lut;
        let first =
            [usual].into_iter().chain(parts.clone()).find(|part| has_room(part) && part.holds(resources));
        first.or_else(|| parts.next_back()).expect("every family has a part")
    }

    /// Whether the part has all of `resources`.
    pub fn holds(&self, resources: &Resources) -> bool {
        self.shares(resources).iter().all(|(_, used, available)| used <= available)
    }

    /// Name, use and number of each kind of cell.
    pub fn shares(&self, used: &Resources) -> [(&'static str, u64, u64); 4] {
        let all = &self.capacity;
        [
            ("LUT", used.lut, all.lut),
            ("FF", used.ff, all.ff),
            ("DSP", used.dsp, all.dsp),
            ("RAM", used.ram, all.ram),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_usual_or_the_smallest_part_that_holds_a_design() {
        let part = |lut, dsp| Part::that_holds(Family::Ecp5, &capacity(lut, 0, dsp, 0)).name;
        assert_eq!([part(21_859, 28), part(21_860, 0), part(1, 73)], ["lfe5u-25f", "lfe5u-45f", "lfe5u-85f"]);
        assert_eq!(part(1_000_000, 0), "lfe5u-85f");
        // The UltraPlus is smaller, but slower.
        assert_eq!(Part::that_holds(Family::Ice40, &capacity(10, 10, 0, 20)).name, "hx8k");
        assert_eq!(Part::that_holds(Family::Ice40, &capacity(10, 10, 1, 20)).name, "up5k");
    }

    #[test]
    fn measures_dsp_blocks_of_ice40_on_ultraplus() {
        assert_eq!(Part::usual(Family::Ice40, false).name, "hx8k");
        assert_eq!(Part::usual(Family::Ice40, true).name, "up5k");
        assert_eq!(Part::usual(Family::Ecp5, true).name, "lfe5u-25f");
    }
}
