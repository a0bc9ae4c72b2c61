//! ONNX integer matrix products and convolutions: (Z1) in the accumulator, then rule `f32` (R4).

use super::array::{Array, OnnxCase, onnx};
use qrtl::arithmetic::quantizer::CodeFormat;
use qrtl::arithmetic::rescale::{OutputStage, Rescaler, Rule, Scale};

/// Rows, columns and depth of `a @ b`, and the number of matrices along the leading axes.
fn matmul(a: &Array, a_zero: i64, b: &Array, b_zero: i64) -> Vec<i64> {
    let [.., rows, depth] = a.shape[..] else { panic!("a matrix") };
    let [.., _, columns] = b.shape[..] else { panic!("a matrix") };
    let mut product = Vec::new();
    for (a, b) in a.ints.chunks(rows * depth).zip(b.ints.chunks(depth * columns)) {
        for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
            let terms =
                (0..depth).map(|k| (a[row * depth + k] - a_zero) * (b[k * columns + column] - b_zero));
            product.push(terms.sum());
        }
    }
    product
}

/// Convolution of stride one, `[1, 1, h, w]` by `[filters, 1, kh, kw]`; padding is real zero.
fn convolve(x: &Array, x_zero: i64, w: &Array, w_zeros: &[i64], pad: usize) -> Vec<i64> {
    let [1, 1, height, width] = x.shape[..] else { panic!("one image of one channel") };
    let [filters, 1, kernel_height, kernel_width] = w.shape[..] else { panic!("filters of one channel") };
    let pixel = |row: usize, column: usize| {
        let (row, column) = (row.checked_sub(pad)?, column.checked_sub(pad)?);
        (row < height && column < width).then(|| x.ints[row * width + column] - x_zero)
    };
    let mut sums = Vec::new();
    for filter in 0..filters {
        let weights = &w.ints[filter * kernel_height * kernel_width..];
        let zero = w_zeros[filter % w_zeros.len()];
        for row in 0..height + 2 * pad + 1 - kernel_height {
            for column in 0..width + 2 * pad + 1 - kernel_width {
                let taps = (0..kernel_height).flat_map(|r| (0..kernel_width).map(move |c| (r, c)));
                let terms = taps.map(|(r, c)| {
                    pixel(row + r, column + c).unwrap_or(0) * (weights[r * kernel_width + c] - zero)
                });
                sums.push(terms.sum());
            }
        }
    }
    sums
}

/// Rescales with the scales of QLinearMatMul or QLinearConv, whose inputs have the same order.
fn requantize(case: &OnnxCase, acc: &[i64]) -> Vec<i32> {
    let (inputs, output) = (&case.data().inputs, &case.data().outputs[0]);
    let [a_scale, b_scale, y_scale] = [1, 4, 6].map(|i| inputs[i].float());
    let factor = a_scale * b_scale / y_scale;
    let format = CodeFormat::new(8, output.dtype == "int8").unwrap();
    let output = OutputStage::new(format, inputs[7].int() as i32).unwrap();
    let rescaler = Rescaler::new(Rule::F32, 32, Scale::real(factor.into()).unwrap(), output).unwrap();
    let mut codes = vec![0; acc.len()];
    rescaler.rescale_slice(acc, &mut codes).unwrap();
    codes
}

fn assert_recorded(case: &OnnxCase, computed: &[i32]) {
    assert!(!computed.is_empty(), "{}", case.name);
    let computed: Vec<i64> = computed.iter().map(|&code| code.into()).collect();
    assert_eq!(computed, case.data().outputs[0].ints, "{}", case.name);
}

#[test]
fn qlinear_matmul_matches_onnx() {
    let mut compared = 0;
    for case in onnx("qlinearmatmul.json") {
        let inputs = &case.data().inputs;
        let acc = matmul(&inputs[0], inputs[2].int(), &inputs[3], inputs[5].int());
        assert_recorded(&case, &requantize(&case, &acc));
        compared += 1;
    }
    assert_eq!(compared, 8);
}

#[test]
fn qlinear_conv_matches_onnx() {
    let mut compared = 0;
    for case in onnx("qlinearconv.json") {
        let inputs = &case.data().inputs;
        let acc = convolve(&inputs[0], inputs[2].int(), &inputs[3], &inputs[5].ints, 0);
        assert_recorded(&case, &requantize(&case, &acc));
        compared += 1;
    }
    assert_eq!(compared, 1);
}

#[test]
fn matmul_integer_and_conv_integer_match_onnx() {
    let mut compared = 0;
    for case in onnx("matmulinteger_convinteger.json") {
        let inputs = &case.data().inputs;
        let zeros = |i: usize| inputs.get(i).map_or(vec![0], |zeros| zeros.ints.clone());
        let acc = match case.nodes[0].op.as_str() {
            "MatMulInteger" => matmul(&inputs[0], zeros(2)[0], &inputs[1], zeros(3)[0]),
            "ConvInteger" => {
                let pad = case.nodes[0].attrs.pads.first().copied().unwrap_or(0);
                convolve(&inputs[0], zeros(2)[0], &inputs[1], &zeros(3), pad)
            }
            other => panic!("{}: {other}", case.name),
        };
        assert_recorded(&case, &acc.iter().map(|&sum| sum as i32).collect::<Vec<_>>());
        compared += 1;
    }
    assert_eq!(compared, 3);
}
