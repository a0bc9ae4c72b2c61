//! Long checks that are on record by a digest of their inputs: pinned tools give equal results for equal inputs.

use std::collections::BTreeMap;
use std::fs;

use qrtl::toolchain::parallel::in_parallel;

/// A check.
pub struct Entry {
    /// Its name, without a space, unique in its file.
    pub name: String,
    /// A digest of everything that decides its result.
    pub digest: String,
    /// Whether it runs although it is on record.
    pub is_repeated: bool,
}

/// Digest and amount of what was compared or proved, by name.
type Record = BTreeMap<String, (String, u64)>;

/// Reads lines such as `mul_s5_s4_p2_ecp5_on_ECP5 0123456789abcdef 65536`.
fn read(text: &str) -> Record {
    let line = |line: &str| {
        let mut words = line.split(' ').map(str::to_string);
        let mut word = || words.next().unwrap();
        (word(), (word(), word().parse().unwrap()))
    };
    text.lines().map(line).collect()
}

/// Runs the checks of `subjects` that are not on record in a file of `tests/data`, or repeated; returns the sum of what
/// they compared, now or for the record.
///
/// `QRTL_RECORD=1` writes the file; without it, a check that is not on record fails even if it passes.
pub fn all_on_record<T: Sync>(
    file: &str,
    subjects: &[T],
    entry: impl Fn(&T) -> Entry + Sync,
    check: impl Fn(&T) -> u64 + Sync,
) -> u64 {
    let path = format!("tests/data/{file}");
    let recorded = read(&fs::read_to_string(&path).unwrap_or_default());
    let checked = |subject: &T| {
        let Entry { name, digest, is_repeated } = entry(subject);
        let known = recorded.get(&name).filter(|(known, _)| *known == digest && !is_repeated);
        let amount = known.map_or_else(|| check(subject), |(_, amount)| *amount);
        Ok::<_, ()>((name, (digest, amount)))
    };
    let record: Record = in_parallel(subjects, checked).unwrap().into_iter().collect();
    assert_eq!(record.len(), subjects.len(), "{file}: a name occurs twice");
    if std::env::var_os("QRTL_RECORD").is_some() {
        let line =
            |(name, (digest, amount)): (&String, &(String, u64))| format!("{name} {digest} {amount}\n");
        fs::write(&path, record.iter().map(line).collect::<String>()).unwrap();
    } else {
        assert!(record == recorded, "{path} is of other inputs; write it with QRTL_RECORD=1");
    }
    record.values().map(|(_, amount)| amount).sum()
}
