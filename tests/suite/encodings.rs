//! Verilog with comments that are not UTF-8: third-party files come from every country and decade.

use std::fs;

use tempfile::TempDir;

use crate::common::command::{Run, qrtl};

/// Comments in Latin-1 and in GBK, whose second bytes may be those of ASCII characters.
const COMMENTS: [&[u8]; 2] = [b"one byte of Latin-1: \xb5", b"two characters of GBK: \xb3\x5c\xb7\xa8"];

/// Runs `qrtl` on a module with each of the comments; FILE in the arguments is its file.
fn runs(arguments: &str) -> [Run; 2] {
    let module = "module int2_multiplier (input wire signed [1:0] a, input wire signed [1:0] b,\n    \
                  output wire signed [3:0] product);\n    assign product = a * b;\nendmodule\n";
    COMMENTS.map(|comment| {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("int2_multiplier.v");
        fs::write(&file, [b"// ", comment, b" end\n", module.as_bytes()].concat()).unwrap();
        let arguments = arguments.replace("FILE", file.to_str().unwrap());
        qrtl(&arguments.split(' ').collect::<Vec<_>>())
    })
}

#[test]
fn verify_accepts_comments_in_any_encoding() {
    for run in runs("verify int2_multiplier --rtl FILE --cases 1000") {
        run.product();
    }
}

#[test]
fn audit_accepts_comments_in_any_encoding() {
    let map = "--unit multiplier --map a=a,b=b,out=product";
    for run in runs(&format!("audit FILE --top int2_multiplier {map}")) {
        run.product();
    }
}
