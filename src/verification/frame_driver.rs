//! `tlast` of a guarded input: at the end of each frame, which depends on the beats that the RTL accepts.

use crate::simulation::{Dut, DutError};
use crate::unit::{Column, Config, FrameGuard, Port, Role, StreamIndices, streams};

/// Drives `tlast` of a guarded input; one state per lane.
///
/// The stimulus cannot know which beats are accepted. It draws the beats whose `tlast` is wrong instead, and the driver
/// replaces its column by `tlast`.
pub(crate) struct FrameDriver {
    stream: StreamIndices,
    last: usize,
    reset: Option<usize>,
    guards: Vec<FrameGuard>,
}

impl FrameDriver {
    /// The driver of a config for `lanes` lanes; `None` if its input is not guarded.
    pub(crate) fn new(config: &Config, lanes: usize) -> Option<Self> {
        let guard = FrameGuard::of_function(&*config.frame_function()?)?;
        let ports = config.ports();
        let [inputs, _] = streams(&ports);
        let mut driven = ports.iter().filter(|port: &&Port| port.is_driven());
        let reset = driven.position(|port| port.role == Role::Reset);
        Some(Self { stream: inputs[0], last: inputs[0].last?, reset, guards: vec![guard; lanes] })
    }

    /// Runs rows like [`Dut::run`], one by one, and writes `tlast` to the inputs.
    ///
    /// # Errors
    /// Those of [`Dut::run`].
    pub(crate) fn run(
        &mut self,
        dut: &mut Dut,
        rows: usize,
        inputs: &mut [Column],
        outputs: &mut [Column],
    ) -> Result<(), DutError> {
        let (mut driven, mut sampled) = dut.model().columns(1);
        let lanes = self.guards.len();
        for row in 0..rows {
            for (lane, guard) in self.guards.iter().enumerate() {
                let entry = row * lanes + lane;
                let is_wrong = inputs[self.last].get(entry) == 1;
                inputs[self.last].set(entry, (guard.is_last() != is_wrong).into());
            }
            for (one, all) in driven.iter_mut().zip(&*inputs) {
                one.copy_from(0, all, row * one.len(), one.len());
            }
            dut.run(1, &driven, &mut sampled)?;
            for (all, one) in outputs.iter_mut().zip(&sampled) {
                all.copy_from(row * one.len(), one, 0, one.len());
            }
            self.accept(&driven, &sampled);
        }
        Ok(())
    }

    /// Takes the beats that move in a row.
    fn accept(&mut self, driven: &[Column], sampled: &[Column]) {
        let is_reset = self.reset.is_some_and(|port| driven[port].get(0) == 1);
        for (lane, guard) in self.guards.iter_mut().enumerate() {
            if is_reset {
                guard.reset();
            } else if driven[self.stream.valid].get(lane) == 1 && sampled[self.stream.ready].get(lane) == 1 {
                guard.advance(driven[self.last].get(lane) == 1);
            }
        }
    }
}
