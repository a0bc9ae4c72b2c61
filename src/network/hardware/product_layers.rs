//! Dense layers and averages as layers of the convolution engine.

use crate::arithmetic::network::{
    Convolution, Dense, Depthwise, GlobalAverage, Mean, Padding, Products, Window, WindowAxis,
};
use crate::arithmetic::rescale::Rescaler;
use crate::circuit::engine::ProductLayer;

/// A window of one element over `length` elements.
fn each(length: usize) -> WindowAxis {
    WindowAxis::new(length, 1, 1, 1, Padding::Valid).expect("a window of one element fits")
}

/// A window over all of `length` elements.
fn whole(length: usize) -> WindowAxis {
    WindowAxis::new(length, length, 1, 1, Padding::Valid).expect("a window of all elements fits")
}

/// A dense layer as a convolution of one tap, each row of its input a pixel.
pub(super) fn dense(layer: &Dense, rows: usize) -> Convolution {
    Convolution {
        window: Window { rows: each(rows), columns: each(1) },
        input_channels: layer.inputs,
        groups: 1,
        products: layer.products.clone(),
    }
}

/// Sums of all pixels as a depthwise convolution with weights of 1.
fn sums_of_pixels(window: Window, channels: usize, zero_point: i32, rescaler: &Rescaler) -> ProductLayer {
    let products = Products {
        weights: vec![1; window.taps() * channels].into(),
        // The narrowest width that holds 1.
        weight_bits: 2,
        biases: vec![0; channels].into(),
        input_zero_point: zero_point,
        rescaler: rescaler.clone().into(),
    };
    ProductLayer::Depthwise(Depthwise { window, multiplier: 1, products })
}

/// The average of all pixels of each channel.
pub(super) fn global_average(layer: &GlobalAverage, pixels: usize) -> ProductLayer {
    let window = Window { rows: whole(pixels), columns: whole(1) };
    sums_of_pixels(window, layer.channels, layer.zero_point, &layer.rescaler)
}

/// A mean over rows and columns; `None` over other axes.
pub(super) fn mean(layer: &Mean) -> Option<ProductLayer> {
    let (&[1, rows, columns, channels], &[_, true, true, false]) = (&layer.shape[..], &layer.is_reduced[..])
    else {
        return None;
    };
    let window = Window { rows: whole(rows), columns: whole(columns) };
    Some(sums_of_pixels(window, channels, layer.zero_point, &layer.rescaler))
}
