//! VHDL packages.

use std::fs;
use std::process::Command;

use super::output;
use qrtl::catalogue::{preset, presets};
use qrtl::generator::companion::Companion;
use qrtl::generator::named;
use qrtl::unit::Config;

/// Module names that are no basic identifiers of VHDL, or hide a type that the package uses.
const NAMES: [&str; 3] = ["layer_", "std_logic", "std_logic_vector"];

fn package(config: &Config) -> String {
    Companion::Vhdl.file(config).1
}

#[test]
fn package_declares_every_port_and_says_what_is_signed() {
    let text = package(&preset("uint8_dot8_zp_acc").unwrap());
    for line in [
        "package uint8_dot8_zp_acc_pkg is",
        "    component uint8_dot8_zp_acc is",
        "            clk       : in  std_logic;                     -- acts on the rising edge",
        "-- u_uint8_dot8_zp_acc : uint8_dot8_zp_acc",
        "--         accum     => accum",
    ] {
        assert!(text.lines().any(|found| found == line), "no '{line}' in:\n{text}");
    }
    for part in [
        "a         : in  std_logic_vector(63 downto 0); -- 8 x 8 bits, unsigned: ",
        "b         : in  std_logic_vector(63 downto 0); -- 8 x 8 bits, signed: ",
        "accum     : out std_logic_vector(31 downto 0)  -- signed: ",
    ] {
        assert!(text.contains(part), "no '{part}' in:\n{text}");
    }
    let quantizer = package(&preset("quantizer_int8").unwrap());
    assert!(quantizer.contains(" -- binary32: "), "{quantizer}");
}

#[test]
fn names_that_vhdl_reserves_become_extended_identifiers() {
    let requantizer = package(&preset("requantizer_single").unwrap());
    assert!(requantizer.contains(" \\out\\     : out std_logic_vector(7 downto 0)"), "{requantizer}");
    assert!(requantizer.contains("--         \\out\\     => \\out\\\n"), "{requantizer}");
    for name in NAMES {
        let text = package(&named(preset("int2_multiplier").unwrap(), name).unwrap());
        assert!(text.contains(&format!("component \\{name}\\ is")), "{text}");
    }
    let text = package(&named(preset("int2_multiplier").unwrap(), "layer_").unwrap());
    assert!(text.contains("package \\layer__pkg\\ is"), "{text}");
}

#[test]
#[ignore = "needs GHDL"]
fn ghdl_accepts_package_and_instance_of_every_preset() {
    let renamed = NAMES.map(|name| named(preset("requantizer_single").unwrap(), name).unwrap());
    let fix = "install GHDL: apt-get install ghdl";
    for config in presets().chain(renamed) {
        let folder = tempfile::tempdir().unwrap();
        let (file, text) = Companion::Vhdl.file(&config);
        fs::write(folder.path().join("user.vhd"), user(&text)).unwrap();
        fs::write(folder.path().join(&file), &text).unwrap();
        for standard in ["--std=93", "--std=08"] {
            let mut ghdl = Command::new("ghdl");
            ghdl.current_dir(folder.path()).args(["-a", standard, &file, "user.vhd"]);
            assert_eq!(output(&mut ghdl, fix), (true, String::new()), "{text}");
        }
    }
}

/// A design with a signal for each port, and the instance that the comment of a package shows.
fn user(package: &str) -> String {
    let (_, declarations) = package.split_once("        port (\n").unwrap();
    let (declarations, rest) = declarations.split_once("        );\n").unwrap();
    let signals: String = declarations
        .lines()
        .map(|line| {
            let line = line.split("--").next().unwrap().trim().trim_end_matches(';');
            format!("    signal {};\n", line.replace(": in ", ":").replace(": out ", ":"))
        })
        .collect();
    let (_, comment) = rest.split_once("\n-- use ").unwrap();
    let (library, instance) = comment.split_once('\n').unwrap();
    let instance = instance.replace("-- ", "").replace("--\n", "\n");
    format!(
        "library ieee;\nuse ieee.std_logic_1164.all;\nuse {library}\nentity user is end;\n\
         architecture design of user is\n{signals}begin\n{instance}end;\n"
    )
}
