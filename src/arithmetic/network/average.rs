//! Average pools: (T9), (N4).

use super::window::Window;
use crate::arithmetic::rescale::Rescaler;

/// An average over the taps inside the input, of raw codes: (T9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AveragePool {
    /// Window over rows and columns.
    pub window: Window,
    /// Channels.
    pub channels: usize,
    /// Smallest and largest output code.
    pub clamp: (i32, i32),
}

impl AveragePool {
    /// Output codes.
    pub fn apply(&self, x: &[i8]) -> Vec<i8> {
        let mut y = Vec::with_capacity(self.window.output_pixels() * self.channels);
        let mut sums = vec![0i32; self.channels];
        for position in self.window.positions() {
            sums.fill(0);
            let mut count = 0;
            for (_, pixel) in self.window.sources(position) {
                let codes = &x[pixel * self.channels..][..self.channels];
                sums.iter_mut().zip(codes).for_each(|(sum, &code)| *sum += i32::from(code));
                count += 1;
            }
            y.extend(sums.iter().map(|&sum| self.average(sum, count)));
        }
        y
    }

    /// Rounds half away from zero and clamps.
    fn average(&self, sum: i32, count: i32) -> i8 {
        let half = count / 2;
        let rounded = if sum > 0 { (sum + half) / count } else { (sum - half) / count };
        rounded.max(self.clamp.0).min(self.clamp.1) as i8
    }
}

/// An average of each channel over all pixels, rescaled: (N4).
#[derive(Debug, Clone, PartialEq)]
pub struct GlobalAverage {
    /// Channels.
    pub channels: usize,
    /// Zero point of the input.
    pub zero_point: i32,
    /// Rescaling of the sums, of the reciprocal of the number of pixels.
    pub rescaler: Rescaler,
}

impl GlobalAverage {
    /// Output codes, one per channel.
    pub fn apply(&self, x: &[i8]) -> Vec<i8> {
        let mut sums = vec![0i64; self.channels];
        for pixel in x.chunks_exact(self.channels) {
            let differences = pixel.iter().map(|&code| i64::from(i32::from(code) - self.zero_point));
            sums.iter_mut().zip(differences).for_each(|(sum, difference)| *sum += difference);
        }
        sums.iter().map(|&sum| self.rescaler.rescale(sum, 0) as i8).collect()
    }
}
