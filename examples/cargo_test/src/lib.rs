//! A crate that verifies its own Verilog in `cargo test`.

/// The hand-written module.
pub const MY_MAC: &str = include_str!("../my_mac.v");

#[cfg(test)]
mod tests {
    use qrtl::{Config, ModelBuilder, Verification, unit};

    type Failure = Box<dyn std::error::Error + Send + Sync>;

    fn report(verilog: &str) -> Result<qrtl::Report, Failure> {
        let config = Config::new(unit("mac")?, None, &["acc_bits=24"])?;
        let models = ModelBuilder::discover(&|notice| eprintln!("{notice}"))?;
        Ok(Verification::new(&config, &models).verilog(verilog).run()?)
    }

    #[test]
    fn my_mac_equals_the_reference() -> Result<(), Failure> {
        let report = report(super::MY_MAC)?;
        assert!(report.passed(), "{report}");
        Ok(())
    }

    #[test]
    fn a_forgotten_enable_is_found() -> Result<(), Failure> {
        let broken = super::MY_MAC.replace("else if (en)", "else");
        assert!(!report(&broken)?.passed());
        Ok(())
    }
}
