//! The self-checking testbench of units with streams: input frames and expected output frames.

use serde_json::{Value as Json, json};

use crate::unit::{Beat, Config, FrameEvent, FrameFunction, FrameGuard, Port, Role, StreamIndices, streams};

pub(crate) const TEMPLATE: (&str, &str) =
    ("stream_testbench.v", include_str!("../../../templates/flow/stream_testbench.v.tera"));

/// Minimum number of beats that are driven, summed over all inputs.
const BEATS: usize = 1000;
/// Minimum number of frames.
const FRAMES: usize = 3;
/// Beats of the frame that ends late, after the end that its length sets.
const EXTRA_BEATS: usize = 3;
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
    let guard = FrameGuard::of_function(function);
    let mut events = Vec::new();
    for index in 0..frames {
        let streams = inputs.iter().zip(&lengths).map(|(stream, &length)| {
            let beats = if guard.is_some() { guarded_beats(index, length) } else { length };
            (0..beats).map(|_| random.beat(driven_ports[stream.data], stream)).collect()
        });
        let mut sent: Vec<Vec<Beat>> = streams.collect();
        let mut frame = sent.clone();
        if let Some(guard) = guard {
            let end = sent[0].len() - 1;
            sent[0].iter_mut().enumerate().for_each(|(index, beat)| beat.last = index == end);
            let (beats, found) = guard.accept_all(&sent[0]);
            frame = vec![beats];
            events.extend(found);
        }
        for (all, beats) in expected.iter_mut().zip(function.frame(&frame)) {
            all.extend(beats);
        }
        for (all, beats) in driven.iter_mut().zip(sent) {
            all.extend(beats);
        }
    }
    let events = FrameEvent::ALL.into_iter().filter(|_| guard.is_some()).map(|event| {
        json!({
            "name": event.port_name(),
            "count": events.iter().filter(|found| **found == event).count(),
        })
    });
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
        "events": events.collect::<Vec<_>>(),
        "outputs": sinks.map(|((stream, beats), share)| entry(stream, beats, false, share)).collect::<Vec<_>>(),
    })
}

/// Beats up to `tlast` of a frame at a guarded input: the first frame ends early, the second late.
fn guarded_beats(index: usize, length: usize) -> usize {
    match index {
        0 => length.div_ceil(2),
        1 => length + EXTRA_BEATS,
        _ => length,
    }
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
