//! What the documents state of names, parameters and cycles is so.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use qrtl::catalogue::{UNITS, preset, presets, unit};
use qrtl::generator::render;
use qrtl::proof::certificate::linear;
use qrtl::reference::model;
use qrtl::stimulus::{Exhaustive, domain, domain_bits};
use qrtl::unit::{Behaviour, Column, Config, Integer, Kind, Port, Role, Unit};

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
fn names_are_as_documented() {
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

fn parameter_table(unit: &dyn Unit) -> String {
    let rows = unit.parameters().iter().map(|parameter| {
        let legal = parameter.kind.to_string().replace(" | ", ", ");
        format!("| `{}` | {legal} | {} | {} |\n", parameter.name, parameter.default, parameter.help)
    });
    format!("| parameter | legal | default | |\n|---|---|---|---|\n{}", rows.collect::<String>())
}

#[test]
fn parameters_are_as_documented() {
    for unit in UNITS {
        let text = document(&format!("units/{}.md", unit.name()));
        let table = parameter_table(*unit);
        assert!(text.contains(&format!("\n\n{table}\n")), "docs/units/{}.md needs:\n{table}", unit.name());
    }
}

/// The text of `tests/suite/<stem>.rs` or `tests/suite/<stem>/mod.rs`.
fn test_file(stem: &str) -> String {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let places = [tests.join(format!("{stem}.rs")), tests.join(stem).join("mod.rs")];
    places.iter().find_map(|path| fs::read_to_string(path).ok()).unwrap_or_else(|| panic!("no test {stem}"))
}

#[test]
fn every_preset_says_how_it_is_verified() {
    let (_, rows) = tables(&document("verification.md"), "preset").remove(0);
    assert_eq!(rows.len(), presets().count(), "one row a preset");
    for config in presets() {
        let name = config.name();
        let row = rows.iter().find(|row| row[0] == name);
        let row = row.unwrap_or_else(|| panic!("docs/verification.md has no row for {name}"));
        let [_, inputs, how, command, tests] = &row[..] else { panic!("{row:?}") };
        let bits = domain_bits(&config.ports());
        let (expected, swept) = match (config.behaviour(), domain(&config.ports())) {
            (Behaviour::Sequential { .. }, _) => ("history".to_string(), false),
            (_, Some(size)) if !size.is_power_of_two() => (size.to_string(), bits <= Exhaustive::MAX_BITS),
            _ => (format!("2^{bits}"), bits <= Exhaustive::MAX_BITS),
        };
        assert_eq!(inputs, &expected, "{name}");
        let flag = if swept && bits > 24 { " --exhaustive" } else { "" };
        assert_eq!(command, &format!("qrtl verify {name}{flag}"));
        let is_certified = linear(&config, &render(&config)).is_ok();
        let is_proved = test_file("proofs").contains(&format!("preset(\"{name}\")"));
        let expected = match (swept && bits <= 24, is_certified, is_proved) {
            (true, _, _) => "exhaustive",
            (_, true, _) => "certified",
            (_, _, true) => "proved",
            _ => "sampled",
        };
        assert_eq!(how, expected, "{name}");
        for test in tests.split(", ") {
            let (file, test) = test.trim_matches('`').split_once("::").expect("file::test");
            assert!(test_file(file).contains(&format!("fn {test}(")), "tests/suite/{file}.rs has no {test}");
        }
    }
}

#[test]
fn every_architecture_has_a_certificate() {
    let (_, rows) = tables(&document("verification.md"), "architecture").remove(0);
    let mut words = BTreeSet::new();
    for parameter in UNITS.iter().flat_map(|unit| unit.parameters()).filter(|known| known.name == "arch") {
        let Kind::Choice(own) = parameter.kind else { panic!("{parameter:?}") };
        words.extend(own.iter().filter(|word| **word != "auto").map(|word| word.to_string()));
    }
    assert_eq!(rows.iter().map(|row| row[0].clone()).collect::<BTreeSet<_>>(), words);
    for row in rows {
        for test in row[1..].iter().filter_map(|cell| cell.split_once("::")) {
            assert!(test_file(test.0).contains(&format!("fn {}(", test.1)), "no {test:?}");
        }
        assert!(row[1].contains("::"), "{row:?}");
    }
}

/// Runs the reference over a table of cycles, after `before` rows of its own, and compares what the
/// table gives for the outputs. Returns how many cells were compared.
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
fn the_mac_does_what_its_tables_show() {
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
fn the_requantizer_does_what_its_table_shows() {
    let (head, rows) = tables(&document("units/requantizer.md"), "out").remove(0);
    let config = preset("requantizer_single").unwrap();
    assert_eq!(follow(&config, &head, &rows, &[]), 11);
}

#[test]
fn the_serial_requantizer_does_what_its_table_shows() {
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
fn the_multiplier_does_what_its_table_shows() {
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
