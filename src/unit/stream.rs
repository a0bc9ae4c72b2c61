//! Streams of values with valid/ready handshakes, as AXI4-Stream defines them.

use super::number::Integer;
use super::port::{Direction, Port, Role};

/// One value of a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beat {
    /// Bit pattern of `tdata`.
    pub data: u64,
    /// `tlast`: whether it ends a frame; `false` on a stream without that port.
    pub last: bool,
}

/// Function of a unit with streams: output frames from input frames, independent of the latency.
pub trait FrameFunction: Send + Sync {
    /// Beats of a frame at each input.
    fn input_lengths(&self) -> Vec<usize>;
    /// Beats of a frame at each output.
    fn output_lengths(&self) -> Vec<usize>;
    /// Output frames, from one frame of each input.
    ///
    /// An output beat must not depend on input beats that the unit reads after it.
    fn frame(&self, inputs: &[Vec<Beat>]) -> Vec<Vec<Beat>>;
    /// Whether the unit has one input whose `tlast` may be wrong: [`FrameGuard`](super::FrameGuard) then states its
    /// frames, and the outputs of [`FrameEvent`](super::FrameEvent) report it.
    fn is_guarded(&self) -> bool {
        false
    }
}

/// Verilog names of the ports of one stream.
#[derive(Clone, Copy, Debug)]
pub struct StreamNames {
    tdata: &'static str,
    tvalid: &'static str,
    tready: &'static str,
    tlast: &'static str,
}

macro_rules! stream_names {
    ($prefix:literal) => {
        StreamNames {
            tdata: concat!($prefix, "_tdata"),
            tvalid: concat!($prefix, "_tvalid"),
            tready: concat!($prefix, "_tready"),
            tlast: concat!($prefix, "_tlast"),
        }
    };
}

impl StreamNames {
    /// The only input.
    pub const S_AXIS: Self = stream_names!("s_axis");
    /// The inputs of a unit with two.
    pub const S_AXES: [Self; 2] = [stream_names!("s0_axis"), stream_names!("s1_axis")];
    /// The only output.
    pub const M_AXIS: Self = stream_names!("m_axis");
    /// The outputs of a unit with two.
    pub const M_AXES: [Self; 2] = [stream_names!("m0_axis"), stream_names!("m1_axis")];

    /// The ports of an input stream; `last` adds `tlast`.
    pub fn input(self, value: Integer, last: bool, help: &'static str) -> Vec<Port> {
        self.ports(Direction::Input, value, last, help)
    }

    /// The ports of an output stream; `last` adds `tlast`.
    pub fn output(self, value: Integer, last: bool, help: &'static str) -> Vec<Port> {
        self.ports(Direction::Output, value, last, help)
    }

    fn ports(self, direction: Direction, value: Integer, last: bool, help: &'static str) -> Vec<Port> {
        let back = match direction {
            Direction::Input => Direction::Output,
            Direction::Output => Direction::Input,
        };
        let bit = |name, direction, role, help| Port {
            direction,
            role,
            ..Port::input(name, Integer::unsigned(1), help)
        };
        let data = Port { direction, is_plain: true, ..Port::input(self.tdata, value, help) };
        let mut ports = vec![data];
        if last {
            ports.push(bit(self.tlast, direction, Role::Data, "the beat ends a frame"));
        }
        ports.push(bit(self.tvalid, direction, Role::Valid, "there is a beat"));
        ports.push(bit(self.tready, back, Role::Ready, "a beat moves on an edge with both valid and ready"));
        ports
    }
}

/// Indices of the ports of one stream: among the outputs for the ports that the unit drives, else among the
/// driven inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamIndices {
    /// Index of `tdata`.
    pub data: usize,
    /// Index of `tlast`, if the stream has it.
    pub last: Option<usize>,
    /// Index of `tvalid`.
    pub valid: usize,
    /// Index of `tready`.
    pub ready: usize,
}

/// The input streams and the output streams among the ports of a unit, in the order of the ports.
pub fn streams(ports: &[Port]) -> [Vec<StreamIndices>; 2] {
    let index = |name: &str| {
        let port = ports.iter().find(|port| port.name == name)?;
        let mut side =
            ports.iter().filter(|other| other.direction == port.direction && other.role != Role::Clock);
        side.position(|other| other.name == name)
    };
    [Direction::Input, Direction::Output].map(|direction| {
        let valid = ports.iter().filter(|port| port.role == Role::Valid && port.direction == direction);
        let prefixes = valid.filter_map(|port| port.name.strip_suffix("_tvalid"));
        let stream = |prefix: &str| {
            let index = |suffix: &str| index(&format!("{prefix}_{suffix}"));
            Some(StreamIndices {
                data: index("tdata")?,
                last: index("tlast"),
                valid: index("tvalid")?,
                ready: index("tready")?,
            })
        };
        prefixes.filter_map(stream).collect()
    })
}
