//! `rtl/` equals the output of the generator, byte for byte.

use std::fs;
use std::path::{Path, PathBuf};

use qrtl::files::drift::Drift;
use qrtl::generator::companion::library;

#[test]
fn rtl_folder_equals_generated_verilog() {
    let rendered = library();
    assert!(rendered.len() > 2, "README and manifest describe at least one module");
    let drift = Drift::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rtl"), &rendered).unwrap();
    assert!(drift.is_empty(), "rtl/ differs; run `qrtl generate --all -o rtl` and review:\n{drift}");
}

#[test]
fn check_reports_changed_missing_and_extra_files() {
    let folder = tempfile::tempdir().unwrap();
    let file = |path: &str| (path.to_string(), format!("the text of {path}\n"));
    let rendered = [file("same.v"), file("unit/changed.v"), file("unit/missing.v")];
    fs::create_dir_all(folder.path().join("unit/old")).unwrap();
    fs::write(folder.path().join("same.v"), &rendered[0].1).unwrap();
    fs::write(folder.path().join("unit/changed.v"), "the text of unit/changed.v\r\n").unwrap();
    fs::write(folder.path().join("unit/old/extra.v"), "").unwrap();

    let drift = Drift::of(folder.path(), &rendered).unwrap();
    let paths = |path: &str| vec![PathBuf::from(path)];
    assert_eq!(drift.changed, paths("unit/changed.v"));
    assert_eq!(drift.missing, paths("unit/missing.v"));
    assert_eq!(drift.extra, paths("unit/old/extra.v"));
    assert!(!drift.is_empty());
    assert_eq!(
        drift.to_string().replace('\\', "/"),
        "changed: unit/changed.v\nmissing: unit/missing.v\nextra: unit/old/extra.v\n"
    );
}

#[test]
fn check_reports_all_files_missing_without_folder() {
    let folder = tempfile::tempdir().unwrap();
    let rendered = library();
    let drift = Drift::of(&folder.path().join("none"), &rendered).unwrap();
    assert_eq!(drift.missing.len(), rendered.len());
    assert!(drift.changed.is_empty() && drift.extra.is_empty());
}

#[test]
fn manifest_lists_every_file_with_digest() {
    let rendered = library();
    let text = |path: &str| &rendered.iter().find(|(known, _)| known == path).expect(path).1;
    let manifest: serde_json::Value = serde_json::from_str(text("manifest.json")).unwrap();
    let presets = manifest["presets"].as_array().unwrap();
    assert_eq!(presets.len() + 2, rendered.len(), "README.md and manifest.json are not presets");
    for preset in presets {
        let (name, file) = (preset["name"].as_str().unwrap(), preset["file"].as_str().unwrap());
        assert!(text(file).contains(&format!("\nmodule {name} (\n")), "{file}");
        assert!(text("README.md").contains(&format!("[{name}]({file})")), "{file}");
        assert_eq!(preset["sha256"], qrtl::text::sha256(text(file).as_bytes()), "{file}");
    }
    // FIPS 180-2, the example of one block.
    assert_eq!(
        qrtl::text::sha256(b"abc"),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}
