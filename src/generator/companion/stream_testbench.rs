//! The self-checking testbench of units with streams: input frames and expected output frames.

use serde_json::{Value as Json, json};

use crate::unit::{Beat, Config, FrameFunction, Port, Role, StreamIndices, streams};

pub(crate) const TEMPLATE: (&str, &str) =
    ("stream_testbench.v", include_str!("../../../templates/flow/stream_testbench.v.tera"));

/// Minimum number of beats that are driven, summed over all inputs.
const BEATS: usize = 1000;
/// Minimum number of frames.
const FRAMES: usize = 3;
/// Share of cycles in which a handshake is given, in eighths, for each stream in turn.
const SHARES: [u32; 4] = [5, 6, 7, 4];

pub(crate) fn context(config: &Config, function: &dyn FrameFunction) -> Json {
    let ports = config.ports();
    let [inputs, outputs] = streams(&ports);
    let lengths = function.input_lengths();
    let frames = BEATS.div_ceil(lengths.iter().sum::<usize>().max(1)).max(FRAMES);
    let mut random = Random(1);
    let mut driven = vec![Vec::new(); inputs.len()];
    let mut expected = vec![Vec::new(); outputs.len()];
    let side = |is_driven: bool| {
        ports.iter().filter(move |port| port.is_driven() == is_driven && port.role != Role::Clock)
    };
    let (driven_ports, output_ports): (Vec<&Port>, Vec<&Port>) =
        (side(true).collect(), side(false).collect());
    for _ in 0..frames {
        let streams = inputs.iter().zip(&lengths);
        let frame: Vec<Vec<Beat>> = streams
            .map(|(stream, &length)| {
                (0..length).map(|_| random.beat(driven_ports[stream.data], stream)).collect()
            })
            .collect();
        for (all, beats) in expected.iter_mut().zip(function.frame(&frame)) {
            all.extend(beats);
        }
        for (all, beats) in driven.iter_mut().zip(frame) {
            all.extend(beats);
        }
    }
    let entry = |stream: &StreamIndices, beats: &[Beat], is_input: bool, share: u32| {
        let (ahead, back) =
            if is_input { (&driven_ports, &output_ports) } else { (&output_ports, &driven_ports) };
        let data = ahead[stream.data];
        let words = beats.iter().map(|beat| {
            let last = stream.last.map_or(String::new(), |_| format!("1'b{}, ", u8::from(beat.last)));
            format!("{{{last}{}'h{:x}}}", data.width(), beat.data)
        });
        json!({
            "name": data.name.strip_suffix("_tdata"),
            "range": data.net_type(),
            "msb": data.width() - 1 + u32::from(stream.last.is_some()),
            "last": stream.last.map(|port| ahead[port].name),
            "data": data.name,
            "valid": ahead[stream.valid].name,
            "ready": back[stream.ready].name,
            "beats": words.collect::<Vec<_>>(),
            "count": beats.len(),
            "last_index": beats.len() - 1,
            "share": share,
        })
    };
    let shares = SHARES.into_iter().cycle();
    let sources = inputs.iter().zip(&driven).zip(shares.clone());
    let sinks = outputs.iter().zip(&expected).zip(shares.skip(1));
    let total: usize = driven.iter().chain(&expected).map(Vec::len).sum();
    json!({
        "name": config.name(),
        "version": env!("CARGO_PKG_VERSION"),
        "digest": config.digest(),
        "frames": frames,
        "limit": 8 * total + 4 * frames * config.behaviour().latency() + 1000,
        "ports": ports.iter().map(|port| port.name).collect::<Vec<_>>(),
        "inputs": sources.map(|((stream, beats), share)| entry(stream, beats, true, share)).collect::<Vec<_>>(),
        "outputs": sinks.map(|((stream, beats), share)| entry(stream, beats, false, share)).collect::<Vec<_>>(),
    })
}

/// A linear congruential generator, the same on every machine.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 20
    }

    /// A beat that is a corner case in one of four draws.
    fn beat(&mut self, port: &Port, stream: &StreamIndices) -> Beat {
        let mask = port.integer.mask();
        let data = match self.bits() % 8 {
            0 => 1 << (port.width() - 1),
            1 => mask >> 1,
            _ => self.bits() << 20 ^ self.bits(),
        };
        Beat { data: data & mask, last: stream.last.is_some() && self.bits().is_multiple_of(2) }
    }
}
