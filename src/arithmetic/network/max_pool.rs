//! Max pools: (T9).

use super::window::Window;

/// The largest code of the taps inside the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxPool {
    /// Window over rows and columns.
    pub window: Window,
    /// Channels.
    pub channels: usize,
    /// Smallest and largest output code.
    pub clamp: (i32, i32),
}

impl MaxPool {
    /// Output codes.
    pub fn apply(&self, x: &[i8]) -> Vec<i8> {
        let mut y = Vec::with_capacity(self.window.output_pixels() * self.channels);
        let mut largest = vec![i8::MIN; self.channels];
        for position in self.window.positions() {
            largest.fill(i8::MIN);
            for (_, pixel) in self.window.sources(position) {
                let codes = &x[pixel * self.channels..][..self.channels];
                largest.iter_mut().zip(codes).for_each(|(largest, &code)| *largest = (*largest).max(code));
            }
            y.extend(largest.iter().map(|&code| i32::from(code).max(self.clamp.0).min(self.clamp.1) as i8));
        }
        y
    }
}
