//! Other divisions of packed ports into elements, tried if the first one matches no candidate.

use super::design_kind::DesignKind;
use super::ports::DesignPorts;
use super::role::MapRole;
use super::settings::{Settings, split_list};

/// Numbers of dot products side by side that are tried.
const RESULTS: [u32; 5] = [2, 4, 8, 16, 32];

/// Settings under which several dot products of `lanes` elements share one vector.
///
/// There are none if the settings state the widths.
pub(crate) fn alternatives(
    kind: DesignKind,
    ports: &DesignPorts,
    maps: &[String],
    settings: &Settings,
) -> Vec<Settings> {
    let lanes = settings.count("lanes").ok().flatten();
    let is_stated = ["a_bits", "b_bits", "out_bits"].iter().any(|key| settings.has(key));
    let (DesignKind::Dot, Some(lanes), false) = (kind, lanes, is_stated) else { return Vec::new() };
    let width = |role: MapRole| {
        let named = |word: &&str| word.split_once('=').is_some_and(|(name, _)| role.names().contains(&name));
        let (_, port) = split_list(maps).find(named)?.split_once('=')?;
        Some(ports.find(port).ok()?.bits())
    };
    let [Some(a), Some(b), Some(out)] = [MapRole::A, MapRole::B, MapRole::Out].map(width) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for results in RESULTS.into_iter().filter(|results| out.is_multiple_of(*results)) {
        let vectors =
            [(lanes, lanes * results), (lanes * results, lanes), (lanes * results, lanes * results)];
        for (a_elements, b_elements) in vectors {
            if a.is_multiple_of(a_elements) && b.is_multiple_of(b_elements) {
                let widths = [a / a_elements, b / b_elements, out / results];
                let keys = ["a_bits", "b_bits", "out_bits"];
                let all = keys.into_iter().zip(widths);
                found.push(all.fold(settings.clone(), |own, (key, bits)| own.with(key, bits)));
            }
        }
    }
    found
}
