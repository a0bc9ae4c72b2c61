//! Suggestions for mistyped names.

/// Returns ` (did you mean 'x'?)` for the nearest candidate, or an empty string.
///
/// A candidate is suggested up to a Damerau-Levenshtein distance of one plus a quarter of its length.
pub fn suggestion<'a>(typed: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(typed, candidate), candidate))
        .min()
        .filter(|&(distance, candidate)| distance <= 1 + candidate.len() / 4)
        .map_or_else(String::new, |(_, candidate)| format!(" (did you mean '{candidate}'?)"))
}
