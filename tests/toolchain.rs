//! Building models: tools found or refused with a fix, and a cache that is never poisoned.

use qrtl::cosim::builder::{Builder, Source, Top};
use qrtl::cosim::environment::Environment;
use qrtl::cosim::verilate::Trace;
use std::path::Path;

/// The environment of this process with a cache of its own.
fn environment(cache: &Path) -> Environment {
    Environment { cache: Some(cache.to_path_buf()), ..Environment::of_process() }
}

/// A one-line design whose shim computes `y` of `a`.
fn source(symbol: &str, verilog: &str) -> Source {
    let shim = format!(
        "extern \"C\" __attribute__((visibility(\"default\"))) int {symbol}_run(int a) {{\n\
         VerilatedContext context; V{symbol} model(&context);\n\
         model.a = a; model.eval(); return model.y; }}\n"
    );
    Source {
        symbol: symbol.to_string(),
        tops: vec![Top { module: symbol.to_string(), prefix: format!("V{symbol}") }],
        files: vec![(format!("{symbol}.v"), verilog.to_string())],
        shim,
    }
}

fn incrementer() -> Source {
    source(
        "incrementer",
        "module incrementer(input [7:0] a, output [7:0] y);\n  assign y = a + 8'd1;\nendmodule\n",
    )
}

/// What the shim of a shared object returns.
fn run(object: &Path, symbol: &str, a: i32) -> i32 {
    let library = unsafe { libloading::Library::new(object) }.unwrap();
    let run = unsafe { library.get::<extern "C" fn(i32) -> i32>(format!("{symbol}_run")) }.unwrap();
    run(a)
}

#[test]
fn a_shared_object_computes() {
    let cache = tempfile::tempdir().unwrap();
    let builder = Builder::discover(&environment(cache.path()), &|text| eprintln!("{text}")).unwrap();
    for trace in [Trace::Off, Trace::On] {
        let start = std::time::Instant::now();
        let object = builder.shared_object(&incrementer(), trace).unwrap();
        eprintln!("{trace:?} {:?}", start.elapsed());
        assert_eq!(run(&object, "incrementer", 41), 42);
        assert_eq!(run(&object, "incrementer", 255), 0);
        assert_eq!(builder.shared_object(&incrementer(), trace).unwrap(), object);
    }
}
