//! Tables of the classifier on the terminal.

use crate::demo::{ComparisonTally, Evaluation, FLOAT8, LOGIT_BITS, Logits, NetworkResult, RULES};

/// Every variant, then every rounding rule, then integers beside 8-bit floats.
pub(super) fn all(evaluation: &Evaluation) -> String {
    variants(evaluation) + &rules(evaluation) + &formats(evaluation)
}

fn variants(evaluation: &Evaluation) -> String {
    let mut text = format!(
        "\nClassifier: {}, {} test images; integers from the input codes to the largest logit, every sum and\n\
         every code by the simulated RTL, codes rounded by {}, logits of {LOGIT_BITS} bits\n\
         FP32 accuracy {:.2} %; calibrated: trained in floating point, ranges of {} images; trained: for the variant\n\n\
         {:<28} {:<20} {:>10} {:>7} {:>9} {:>7} {:>9} {:>10}\n",
        evaluation.network,
        evaluation.test_images,
        RULES[0],
        evaluation.percent(evaluation.float_correct),
        evaluation.calibration_images,
        "variant",
        "unit",
        "calibrated",
        "drop",
        "trained",
        "drop",
        "cycles",
        "mismatches",
    );
    for (calibrated, trained) in evaluation.variants() {
        let tally = calibrated.tally() + trained.tally();
        text += &format!(
            "{:<28} {:<20} {:>8.2} % {:>7.2} {:>7.2} % {:>7.2} {:>9} {:>10}\n",
            calibrated.variant.to_string(),
            calibrated.mac,
            evaluation.percent(calibrated.logits.correct),
            evaluation.drop(&calibrated.logits),
            evaluation.percent(trained.logits.correct),
            evaluation.drop(&trained.logits),
            tally.cycles,
            tally.mismatches,
        );
    }
    text
}

fn rules(evaluation: &Evaluation) -> String {
    let Some(first) = evaluation.rules.first() else { return String::new() };
    let mut text = format!(
        "\nRounding rules on {}; changed: of {} hidden activations, other than under {}\n\n\
         {:<12} {:>9} {:>8} {:>9} {:>8} {:>8} {:>10} {:>10}\n",
        first.outcome.variant,
        first.hidden,
        first.rule,
        "rule",
        "accuracy",
        "drop",
        "SQNR dB",
        "changed",
        "share",
        "cycles",
        "mismatches",
    );
    for rule in &evaluation.rules {
        let (logits, tally) = (&rule.outcome.logits, rule.outcome.tally());
        text += &format!(
            "{:<12} {:>7.2} % {:>8.2} {:>9.1} {:>8} {:>6.2} % {:>10} {:>10}\n",
            rule.rule,
            evaluation.percent(logits.correct),
            evaluation.drop(logits),
            logits.loss.sqnr_db,
            rule.changed,
            rule.percent(),
            tally.cycles,
            tally.mismatches,
        );
    }
    text + "pow2 and pow2_floor only shift: they get the power of two nearest to each scale\n"
}

fn formats(evaluation: &Evaluation) -> String {
    let float8 = &evaluation.float8;
    let mut text = format!(
        "\nINT8 and FP8; sums of more than 32 products of FP8 are added in f32\n\n{}",
        head("network", "unit")
    );
    if let Some(int8) = evaluation.rules.first().map(|rule| &rule.outcome) {
        text += &row(evaluation, &int8.variant.to_string(), &int8.mac, &int8.logits, int8.tally());
    }
    text + &row(evaluation, FLOAT8, &float8.dot, &float8.logits, float8.dots)
}

/// The network as one RTL top: its layers, its accuracy, and what it costs.
pub(super) fn network(result: &NetworkResult) -> String {
    let mut text = format!(
        "\nNetwork: data/digits_network.tflite, int8, as one RTL top, {}\n\n{}\n\
         {} test images, {:.2} % classified correctly ({:.2} % in float); {} output bytes compared with those of TFLite \
         Micro, {} differ; {} cycles an image\n",
        result.module,
        result.report,
        result.images,
        result.percent(result.correct),
        result.percent(result.float_correct),
        result.compared,
        result.mismatches,
        result.cycles / result.images as u64,
    );
    for figures in &result.figures {
        let (cells, fmax) = (figures.whole.resources, figures.whole.fmax_mhz);
        let rate = fmax.map_or(String::new(), |fmax| {
            format!(", {fmax:.0} MHz: {:.0} images/s", fmax * 1e6 / result.report.cycles as f64)
        });
        text +=
            &format!("{:<10} {} LUT, {} DSP, {} RAM{rate}\n", figures.part, cells.lut, cells.dsp, cells.ram);
    }
    text
}

fn head(network: &str, unit: &str) -> String {
    format!(
        "{network:<28} {unit:<20} {:>9} {:>8} {:>9} {:>10} {:>10}\n",
        "accuracy", "drop", "SQNR dB", "cycles", "mismatches"
    )
}

fn row(
    evaluation: &Evaluation,
    network: &str,
    unit: &str,
    logits: &Logits,
    tally: ComparisonTally,
) -> String {
    format!(
        "{network:<28} {unit:<20} {:>7.2} % {:>8.2} {:>9.1} {:>10} {:>10}\n",
        evaluation.percent(logits.correct),
        evaluation.drop(logits),
        logits.loss.sqnr_db,
        tally.cycles,
        tally.mismatches,
    )
}
