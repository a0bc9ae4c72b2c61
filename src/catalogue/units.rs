//! The only list of all units.

/// Calls the macro `$apply` with every unit, in the order in which they are listed: its name, the type of
/// its parameters, and the companions that not every unit has.
///
/// The name is that of the unit's files: `src/catalogue/<unit>.rs`, `src/reference/<unit>.rs`,
/// `templates/<unit>.v.tera`, `templates/flow/testbench/<unit>.v.tera`; with `directed`,
/// `src/stimulus/directed/<unit>.rs`; with `proof`, `src/proof/<unit>.rs`. A unit with `stream` has a frame function
/// instead of a reference and a testbench.
macro_rules! for_each_unit {
    ($apply:ident) => {
        $apply! {
            multiplier: MultiplierParameters [proof],
            mac: MacParameters [proof],
            dot_product: DotProductParameters [proof],
            multi_precision_dot: MultiPrecisionDotParameters [proof],
            packed_multiplier: PackedMultiplierParameters [proof],
            constant_matrix: ConstantMatrixParameters [proof],
            requantizer: RequantizerParameters [proof directed],
            serial_requantizer: SerialRequantizerParameters [directed],
            fp8_decoder: Fp8DecoderParameters [],
            fp8_encoder: Fp8EncoderParameters [directed],
            fp8_multiplier: Fp8MultiplierParameters [],
            fp8_dot: Fp8DotParameters [],
            mx_dot: MxDotParameters [directed],
            dequantizer: DequantizerParameters [directed],
            quantizer: QuantizerParameters [directed],
            convolution_engine: ConvolutionEngineParameters [stream],
            pool_engine: PoolEngineParameters [stream],
            add_engine: AddEngineParameters [stream],
            multiply_engine: MultiplyEngineParameters [stream],
            pad_engine: PadEngineParameters [stream],
            softmax_engine: SoftmaxEngineParameters [stream],
            lookup: LookupParameters [stream],
            stream_fifo: StreamFifoParameters [stream],
            stream_fork: StreamForkParameters [stream],
            stream_concatenation: StreamConcatenationParameters [stream],
            frame_guard: FrameGuardParameters [stream],
        }
    };
}

pub(crate) use for_each_unit;
