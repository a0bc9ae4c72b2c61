//! The kernel confines models that have a way out: the check of the Verilog is not the only protection.

use std::path::{Path, PathBuf};

use qrtl::model::{Lanes, model_source};
use qrtl::simulation::{CompiledModel, Isolation};
use qrtl::toolchain::builder::Builder;
use qrtl::toolchain::environment::Environment;
use qrtl::toolchain::verilate::Trace;
use qrtl::{Config, preset};

/// A module that tries each way out, and whose output tells which of them are open.
const MODULE: &str = r#"
module int2_multiplier (input wire signed [1:0] a, b, output reg signed [3:0] product);
    `systemc_header
#include <sys/socket.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <cerrno>
    `verilog
    reg [7:0] secret [0:0];
    integer file, done;
    initial begin
        product = 0;
        $system("touch FOLDER/made_by_system");
        file = $fopen("FOLDER/opened", "w");
        product[0] = file != 0;
        $readmemh("FOLDER/secret.hex", secret);
        product[1] = secret[0] == 8'h77;
        done = $c("[] { int s = socket(AF_INET, SOCK_STREAM, 0); sockaddr_in own{}; own.sin_family = AF_INET; return bind(s, reinterpret_cast<sockaddr*>(&own), sizeof own) == 0; }()");
        product[2] = done != 0;
        done = $c("[] { return mkdir(\"FOLDER/made\", 0700) == 0 || errno == EEXIST; }()");
        product[3] = done != 0;
    end
endmodule
"#;

struct Trial {
    folder: PathBuf,
    config: Config,
    path: PathBuf,
    top: String,
}

impl Trial {
    /// Compiles the module, whose host code is allowed here.
    fn new(builder: &Builder) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("isolation");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("secret.hex"), "77\n").unwrap();
        let config = preset("int2_multiplier").unwrap();
        let text = MODULE.replace("FOLDER", folder.to_str().unwrap());
        let source = model_source(&config, &text, Lanes::ONE, Trace::Off);
        let trusting = Builder { allows_host_code: true, ..builder.clone() };
        let path = trusting.shared_object(&source, Trace::Off).unwrap();
        Self { folder, config, path, top: source.top }
    }

    /// The ways out that are open, one bit each, and whether `$system` ran its command.
    fn open_ways(&self, isolation: &Isolation) -> (u64, bool) {
        let model = CompiledModel::load_isolated(&self.path, &self.top, &self.config, isolation).unwrap();
        let (inputs, mut outputs) = model.columns(1);
        model.instance().run(1, &inputs, &mut outputs).unwrap();
        (outputs[0].get(0) & 15, self.folder.join("made_by_system").exists())
    }
}

#[test]
fn landlock_closes_every_way_out() {
    let builder = Builder::discover(&Environment::of_process(), &|_| ()).unwrap();
    let trial = Trial::new(&builder);
    let confined = Isolation::new(&builder, Vec::new(), None).unwrap();
    let readable = Isolation::new(&builder, vec![trial.folder.clone()], None).unwrap();
    // Only with a version for TCP.
    let tcp = |version: u32| if version >= 4 { 0 } else { 4 };
    match Isolation::landlock(&builder.toolchain.compiler, &builder.cache).unwrap() {
        Some(version) => {
            assert_eq!(trial.open_ways(&confined), (tcp(version), false));
            assert_eq!(trial.open_ways(&readable), (2 | tcp(version), false));
        }
        None => assert_eq!(trial.open_ways(&confined), (15, true)),
    }
    // Without it, each way is open: the module tries what it says.
    let trusting = Builder { allows_host_code: true, ..builder.clone() };
    assert_eq!(trial.open_ways(&Isolation::new(&trusting, Vec::new(), None).unwrap()), (15, true));
}
