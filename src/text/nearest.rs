//! Suggestions for mistyped names.

/// ` (did you mean 'x'?)` for the candidate nearest to what was typed, or nothing when none is near.
pub fn nearest<'a>(typed: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(typed, candidate), candidate))
        .min()
        .filter(|&(distance, candidate)| distance <= 1 + candidate.len() / 4)
        .map_or_else(String::new, |(_, candidate)| format!(" (did you mean '{candidate}'?)"))
}
