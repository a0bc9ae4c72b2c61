//! Names, tables and timing in the documents match the library.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use qrtl::catalogue::{UNITS, preset, presets, unit};
use qrtl::reference::model;
use qrtl::report::documents;
use qrtl::unit::{Column, Config, Integer, Kind, Port, Role};

fn document(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(path)).unwrap()
}

/// The cells of every row of every table that has this column, with the heads of its columns.
fn tables(text: &str, column: &str) -> Vec<(Vec<String>, Vec<Vec<String>>)> {
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`').to_string()).collect()
    };
    let blocks = text.split("\n\n").filter(|block| block.starts_with('|'));
    blocks
        .map(|block| (cells(block.lines().next().unwrap()), block.lines().skip(2).map(cells).collect()))
        .filter(|(head, _)| head.iter().any(|name| name == column))
        .collect()
}

#[test]
fn module_names_match_naming_md() {
    let (_, rows) = tables(&document("naming.md"), "name").remove(0);
    assert!(rows.len() > 4);
    for row in rows {
        let [name, arguments] = &row[..] else { panic!("{row:?}") };
        let mut words = arguments.split(' ');
        let unit = unit(words.next().unwrap()).unwrap();
        let sets: Vec<&str> = words.filter(|&word| word != "--set").collect();
        assert_eq!(Config::new(unit, None, &sets).unwrap().name(), name);
    }
}

#[test]
fn generated_tables_are_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
    let baseline = serde_json::from_str(&read("data/mutation.json")).unwrap();
    let tables = documents::tables(&baseline, &serde_json::from_str(&read("docs/qor.json")).unwrap());
    assert_eq!(tables.len(), UNITS.len() + 6);
    for table in tables {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&table.document)).unwrap();
        let is_current = table.insert_into(&text).unwrap() == text;
        assert!(is_current, "{} is out of date; run `cargo run -- docs`", table.document);
    }
}

/// The text of `tests/suite/<stem>.rs` or `tests/suite/<stem>/mod.rs`.
fn test_file(stem: &str) -> String {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let places = [tests.join(format!("{stem}.rs")), tests.join(stem).join("mod.rs")];
    places.iter().find_map(|path| fs::read_to_string(path).ok()).unwrap_or_else(|| panic!("no test {stem}"))
}

#[test]
fn documented_proofs_are_tested() {
    let (_, rows) = tables(&document("verification.md"), "preset").remove(0);
    assert_eq!(rows.len(), presets().count(), "one row a preset");
    let proved: Vec<&String> = rows.iter().filter(|row| row[2] == "proved").map(|row| &row[0]).collect();
    assert!(proved.len() > 10, "{proved:?}");
    for name in proved {
        assert!(
            test_file("proofs").contains(&format!("\"{name}\"")),
            "tests/suite/proofs.rs does not name {name}"
        );
    }
}

#[test]
fn tests_of_single_units_exist() {
    let (_, rows) = tables(&document("verification.md"), "directed and long tests").remove(0);
    for test in rows.iter().flat_map(|row| row[1].split(", ")) {
        let (file, test) = test.trim_matches('`').split_once("::").expect("file::test");
        assert!(test_file(file).contains(&format!("fn {test}(")), "tests/suite/{file}.rs has no {test}");
    }
}

#[test]
fn every_architecture_is_verified_by_named_tests() {
    let (_, rows) = tables(&document("verification.md"), "architecture").remove(0);
    let mut words = BTreeSet::new();
    for parameter in UNITS.iter().flat_map(|unit| unit.parameters()).filter(|known| known.name == "arch") {
        let Kind::Choice(own) = parameter.kind else { panic!("{parameter:?}") };
        words.extend(own.iter().filter(|word| **word != "auto").map(|word| word.to_string()));
    }
    assert_eq!(rows.iter().map(|row| row[0].clone()).collect::<BTreeSet<_>>(), words);
    for row in rows {
        for test in row[1..].iter().filter_map(|cell| cell.split_once("::")) {
            let is_named = |kind: &str| test_file(test.0).contains(&format!("{kind} {}", test.1));
            assert!(is_named("fn") || is_named("mod"), "no {test:?}");
        }
        assert!(row[1].contains("::"), "{row:?}");
    }
}

/// Runs the reference over a table of cycles, after the rows of `before`, and compares the outputs in the table.
/// Returns the number of compared cells.
fn follow(config: &Config, head: &[String], rows: &[Vec<String>], before: &[&[(&str, i128)]]) -> usize {
    let ports = config.ports();
    let (inputs, outputs): (Vec<Port>, Vec<Port>) =
        ports.into_iter().filter(|port| port.role != Role::Clock).partition(Port::is_driven);
    let cell = |row: &'_ [String], name: &str| -> Option<i128> {
        let column = head.iter().position(|head| head == name)?;
        (row[column] != "x").then(|| row[column].parse().unwrap())
    };
    let len = before.len() + rows.len();
    let column = |port: &Port, values: &dyn Fn(usize) -> i128| {
        let mut column = Column::zeros(port.width(), len);
        (0..len).for_each(|index| column.set(index, port.integer.encode(values(index))));
        column
    };
    let columns: Vec<Column> = inputs
        .iter()
        .map(|port| {
            column(port, &|index| match before.get(index) {
                Some(row) => row.iter().find(|(name, _)| *name == port.name).unwrap().1,
                None => cell(&rows[index - before.len()], port.name).unwrap_or(port.idle().into()),
            })
        })
        .collect();
    let mut results: Vec<Column> = outputs.iter().map(|port| column(port, &|_| 0)).collect();
    model(config, 1).run(&columns, &mut results);
    let mut compared = 0;
    for (port, result) in outputs.iter().zip(&results) {
        for (index, row) in rows.iter().enumerate() {
            if let Some(value) = cell(row, port.name) {
                let got = Integer::decode(port.integer, result.get(before.len() + index));
                assert_eq!(got, value, "{} of {} at row {index}", port.name, config.name());
                compared += 1;
            }
        }
    }
    compared
}

#[test]
fn mac_matches_its_timing_tables() {
    let tables = tables(&document("units/mac.md"), "accum");
    let [(head, rows), (overflow_head, overflow_rows)] = &tables[..] else { panic!("two tables") };
    assert_eq!(follow(&preset("int8_mac").unwrap(), head, rows, &[]), rows.len() - 1);

    let reset = [("rst", 1), ("en", 0), ("clear", 0), ("a", 0), ("b", 0)];
    let pair = [("rst", 0), ("en", 1), ("clear", 0), ("a", -128), ("b", -128)];
    let mut before = vec![&pair[..]; 33];
    before[0] = &reset;
    let config = preset("int8_mac_sat20").unwrap();
    assert_eq!(follow(&config, overflow_head, overflow_rows, &before), 2 * overflow_rows.len());
}

#[test]
fn requantizer_matches_its_timing_table() {
    let (head, rows) = tables(&document("units/requantizer.md"), "out").remove(0);
    let config = preset("requantizer_single").unwrap();
    assert_eq!(follow(&config, &head, &rows, &[]), 13);
}

#[test]
fn serial_requantizer_matches_its_timing_table() {
    let (head, rows) = tables(&document("units/serial_requantizer.md"), "done").remove(0);
    let unit = unit("serial_requantizer").unwrap();
    let config = Config::new(unit, None, &["shift=0", "multiplier=1073741824"]).unwrap();
    // The table leaves out cycles in which nothing is presented and nothing comes out.
    let mut all: Vec<Vec<String>> = Vec::new();
    for row in &rows {
        while all.len() < row[0].parse().unwrap() {
            let idle = ["", "0", "0", "0", "x", "x", "x"];
            all.push(idle.map(str::to_string).to_vec());
        }
        all.push(row.clone());
    }
    assert_eq!(follow(&config, &head, &all, &[]), 3 * (rows.len() - 1));
}

#[test]
fn multiplier_matches_its_timing_table() {
    let (head, rows) = tables(&document("units/multiplier.md"), "edge").remove(0);
    let config = preset("int8_multiplier_p2").unwrap();
    let latency = config.behaviour().latency();
    // The reference answers in place: each product beside the pair it belongs to.
    let product = head.iter().position(|name| name == "product").unwrap();
    let mut aligned = rows.clone();
    for (index, row) in aligned.iter_mut().enumerate() {
        row[product] = rows.get(index + latency).map_or("x".into(), |later| later[product].clone());
    }
    assert!(rows[..latency].iter().all(|row| row[product] == "x"));
    assert_eq!(follow(&config, &head, &aligned, &[]), rows.len() - latency);
}
