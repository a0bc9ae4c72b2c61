//! Tests of the HTML pages.

use super::*;
use crate::demo::{
    Classifier, Digits, SoftwareBackend, TrainedClassifiers, Variant, checked_in_figures, digits_hardware,
    evaluate,
};
use crate::simulation::SimulationEngine;
use crate::unit::Target;

fn preset(name: &str) -> Report {
    Report {
        preset: name.into(),
        unit: "multiplier".into(),
        arguments: "multiplier".into(),
        digest: "0".into(),
        domain: Some(65_536),
        transactions: 65_536,
        compared: 65_536,
        exhaustive: true,
        mismatches: 0,
        seconds: 0.5,
        control_cycles: None,
        long_sum_cycles: None,
        random_start_cycles: None,
        coverage: None,
        four_state: None,
        seed: None,
        lanes: 64,
        engine: SimulationEngine::Verilated,
        unsliced: None,
        recorded: None,
        failure: None,
        wrong_module: None,
    }
}

fn evaluation() -> Evaluation {
    let (classifier, trained) = (Classifier::embedded(), TrainedClassifiers::embedded());
    evaluate(&classifier, &trained, &Digits::embedded(), &Variant::grid(), &SoftwareBackend, || ()).unwrap()
}

/// The network as it would be if its simulation had gone so.
fn network() -> NetworkResult {
    let hardware = digits_hardware(Target::Ice40);
    NetworkResult {
        module: hardware.config.name().to_string(),
        report: hardware.report,
        images: 360,
        float_correct: 352,
        correct: 350,
        compared: 3600,
        mismatches: 0,
        cycles: 6_660_000,
        figures: checked_in_figures().networks,
    }
}

#[test]
fn demo_page_shows_the_network_layer_by_layer() {
    let page = html_of_demo(&[], &evaluation(), &network());
    for text in [
        "every one of the 3,600",
        "97.22 % of 360",
        "97.78 % in float",
        "18,500 clock cycles",
        "l4_convolution",
    ] {
        assert!(page.contains(text), "{text}");
    }
    let page = html_of_demo(&[], &evaluation(), &NetworkResult { mismatches: 7, ..network() });
    assert!(page.contains("<span class=\"bad\">7</span> of 3,600"));
}

#[test]
fn demo_page_opens_with_what_each_format_costs() {
    let page = html_of_demo(&[], &evaluation(), &network());
    let lead = page.split("<p class=\"lead\">").nth(1).unwrap().split("</p>").next().unwrap();
    assert!(lead.starts_with("W8A8 costs "), "{lead}");
    for format in ["W4A8", "W4A4", "W2A2", "FP8"] {
        assert!(lead.contains(&format!("{format} ")), "{lead}");
    }
    assert_eq!(lead.matches(" LUTs").count(), 5, "{lead}");
}

#[test]
fn demo_page_shows_results_and_loads_no_resources() {
    let evaluation = evaluation();
    let mac = Report { domain: None, exhaustive: false, ..preset("int8_mac") };
    let page = html_of_demo(&[preset("int8_multiplier"), mac], &evaluation, &network());
    for figure in
        ["97.50 %", "351 of 360", "65,536", "131 k", "uint8_mac_zp", "1,447,920", "unbounded", "sampled"]
    {
        assert!(page.contains(figure), "{figure}");
    }
    for outcome in &evaluation.outcomes {
        let accuracy = evaluation.percent(outcome.logits.correct);
        let title = format!("{} {}: {accuracy:.2} %", outcome.variant.widths(), outcome.variant.method());
        assert!(page.contains(&title), "{title}");
    }
    for (calibrated, trained) in evaluation.variants() {
        let cells = [calibrated, trained].map(|result| {
            let (accuracy, drop) =
                (evaluation.percent(result.logits.correct), evaluation.drop(&result.logits));
            format!("<td class=\"n\">{accuracy:.2}</td><td class=\"n\">{drop:.2}</td>")
        });
        assert!(page.contains(&cells.join("\n      ")), "{cells:?}");
    }
    for rule in &evaluation.rules {
        let bar = format!(">{} (", super::filters::count(rule.changed as u64));
        assert!(page.contains(&bar), "{bar}");
    }
    for loading in ["http:", "https:", "src=", "href=", "url(", "@import", "<script"] {
        assert!(!page.contains(loading), "{loading}");
    }
    assert!(!page.contains("bad\">"));
}

#[test]
fn demo_page_shows_failures_with_their_replay_command() {
    let failure = crate::verification::Failure {
        mismatches: Vec::new(),
        shrunk: None,
        replay: "qrtl verify <unit>".into(),
        folder: None,
    };
    let page = html_of_demo(
        &[Report { mismatches: 1, failure: Some(failure), ..preset("int8_mac") }],
        &evaluation(),
        &network(),
    );
    for text in ["differs from its reference", "reproduce: qrtl verify &lt;unit&gt;", "bad\">1<"] {
        assert!(page.contains(text), "{text}");
    }
}

#[test]
fn demo_page_escapes_text() {
    let awkward = "</td><script>alert(\"&'\")</script>";
    let mut evaluation = evaluation();
    evaluation.network = awkward.into();
    evaluation.outcomes[0].mac = awkward.into();
    let page = html_of_demo(&[Report { unit: awkward.into(), ..preset(awkward) }], &evaluation, &network());
    assert!(!page.contains("<script>"));
    let escaped = "&lt;/td&gt;&lt;script&gt;alert(&quot;&amp;&#39;&quot;)&lt;/script&gt;";
    assert_eq!(page.matches(escaped).count(), 4);
}

#[test]
fn demo_page_highlights_mismatches() {
    let mut evaluation = evaluation();
    evaluation.outcomes[3].codes.mismatches = 2_000;
    let page =
        html_of_demo(&[Report { mismatches: 1, ..preset("int8_multiplier") }], &evaluation, &network());
    assert_eq!(page.matches("bad\">").count(), 3);
    assert_eq!(page.matches("bad\">2,000<").count(), 2);
}

#[test]
fn lossless_and_empty_results_have_valid_coordinates() {
    let mut lossless = evaluation();
    for outcome in &mut lossless.outcomes {
        outcome.logits.errors.fill(0.0);
        outcome.logits.loss.sqnr_db = f64::INFINITY;
    }
    let empty =
        Evaluation { outcomes: Vec::new(), trained: Vec::new(), rules: Vec::new(), ..lossless.clone() };
    for page in [
        html_of_demo(&[Report { seconds: 0.0, ..preset("instant") }], &lossless, &network()),
        html_of_demo(&[], &empty, &network()),
    ] {
        for broken in ["NaN", "inf\"", "inf "] {
            assert!(!page.contains(broken), "{broken}");
        }
    }
}

fn sweep(names: &[&str]) -> Sweep {
    let point = |(index, name): (usize, &&str)| crate::verification::sweep::SweepPoint {
        settings: [("a_bits".to_string(), crate::unit::Value::Integer(2 + index as i64))].into(),
        report: preset(name),
    };
    Sweep {
        version: "1.2.3".into(),
        shard: None,
        unit: "multiplier".into(),
        axes: vec![("a_bits".into(), (2..=4).map(crate::unit::Value::Integer).collect())],
        combinations: 3,
        refused: vec![crate::unit::RefusedCombinations { combinations: 1, reason: "1 < 2 is wrong".into() }],
        cases: 65_536,
        seed: 7,
        seconds: 1.25,
        results: names.iter().enumerate().map(point).collect(),
    }
}

#[test]
fn sweep_page_marks_passed_and_failed_cells() {
    let mut found = sweep(&["good", "<bad>"]);
    found.results[1].report.mismatches = 3;
    let page = html_of_sweep(&found);
    for text in [
        "cell pass\">1/1<",
        "cell fail\">0/1<",
        "cell none\">-<",
        "&lt;bad&gt;",
        "131,072",
        "1 &lt; 2 is wrong",
        "qrtl 1.2.3",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(!page.contains("<bad>"));
    for loading in ["http:", "https:", "src=", "href=", "url(", "@import", "<script"] {
        assert!(!page.contains(loading), "{loading}");
    }
    assert!(!html_of_sweep(&sweep(&["good"])).contains("bad\">"));
}

#[test]
fn network_page_states_the_slowest_module_and_escapes_names() {
    let module = |name: &str, cycles, multipliers, products| crate::network::ModuleReport {
        name: name.into(),
        layer: Some(0),
        shape: vec![1, 4],
        products,
        fold: None,
        multipliers,
        cycles,
        accumulator_bits: Some(18),
        requantizer: Some("serial"),
        weight_bytes: 1_234,
        buffer_bytes: 0,
    };
    let report = crate::network::HardwareReport {
        request: "at most 2000 cycles requested".into(),
        cycles: 2_000,
        estimate: Some(crate::network::Estimate { luts: 7_654, dsps: 8, rams: 9 }),
        latency: crate::network::FrameLatency { first: 2_345, last: 3_456 },
        bottleneck: "l1".into(),
        multipliers: 3,
        use_of_multipliers: 0.25,
        weight_bytes: 2_468,
        buffer_bytes: 0,
        modules: vec![module("<l0>", 500, 1, 500), module("l1", 2_000, 2, 1_000)],
        host_layers: vec!["<soft&max>".into()],
    };
    let page = html_of_network("digits", &report);
    for text in [
        "2,000 clock cycles, set by l1: 50,000 frames a second at 100 MHz",
        "<tr class=\"slowest\"><th scope=\"row\"><code>l1</code>",
        "width: 25.0%",
        "<dd>1,500</dd>",
        "<dd>2,345</dd>",
        "<dd>3,456</dd>",
        "<dd>7,654</dd>",
        "&lt;l0&gt;",
        "&lt;soft&amp;max&gt;",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(!page.contains("<l0>") && page.matches(">25 %<").count() == 3, "{page}");
    for loading in ["http:", "https:", "src=", "href=", "url(", "@import", "<script"] {
        assert!(!page.contains(loading), "{loading}");
    }
}

/// The text of an element, by the start of the page up to it.
fn verdict(page: &str) -> &str {
    page.split("<p class=\"verdict ").nth(1).unwrap().split("</p>").next().unwrap()
}

#[test]
fn verify_page_shows_verdict_figures_and_failures() {
    let page = html_of_verify(&Results::new(None, vec![preset("int8_multiplier")]), "qrtl verify <x>");
    assert_eq!(verdict(&page), "good\">1 config: every output equals the reference");
    assert!(page.contains("<td class=\"n\">65,536</td>") && page.contains("qrtl verify &lt;x&gt;"), "{page}");
    let failure = crate::verification::Failure {
        mismatches: Vec::new(),
        shrunk: None,
        replay: "qrtl verify <unit>".into(),
        folder: None,
    };
    let failed = Report { mismatches: 2, failure: Some(failure), ..preset("<bad>") };
    let page = html_of_verify(&Results::new(None, vec![preset("good"), failed]), "qrtl");
    assert_eq!(verdict(&page), "bad\">1 of 2 configs failed");
    for text in ["&lt;bad&gt;", "reproduce: qrtl verify &lt;unit&gt;", "<td class=\"bad\">failed</td>"] {
        assert!(page.contains(text), "{text}");
    }
    for loading in ["http:", "https:", "src=", "href=", "url(", "@import", "<script", "<bad>"] {
        assert!(!page.contains(loading), "{loading}");
    }
}

#[test]
fn proof_page_shows_claims_and_counterexamples() {
    let claim = |verdict| crate::proof::ClaimResult { claim: "a < b".into(), verdict, seconds: 0.25 };
    let proof = |verdict| Proof {
        unit: "mac".into(),
        module: "int8_mac".into(),
        config: "mac".into(),
        claims: vec![claim(crate::proof::ClaimVerdict::Holds), claim(verdict)],
    };
    let page = html_of_proofs(&[proof(crate::proof::ClaimVerdict::Holds)], "qrtl");
    assert_eq!(verdict(&page), "good\">2 claims: all proved for all operands and states");
    let fails = crate::proof::ClaimVerdict::Fails { counterexample: vec!["a 0 #b10".into()] };
    let page = html_of_proofs(&[proof(fails)], "qrtl");
    assert_eq!(verdict(&page), "bad\">1 of 2 claims failed");
    assert!(page.contains("a &lt; b fails for\n  a 0 #b10"), "{page}");
}

#[test]
fn synthesis_page_shows_the_config_and_its_inferred_form() {
    let measured = checked_in_figures().results.first().unwrap().clone();
    let lut = measured.figures.resources.lut;
    let page = html_of_synthesis(&[("my_module".into(), measured)], &[], "qrtl");
    assert_eq!(verdict(&page), "good\">1 module synthesized");
    assert!(page.contains("<th scope=\"row\">my_module</th>"), "{page}");
    assert!(page.contains(&format!("<td class=\"n\">{}</td>", super::filters::count(lut))), "{page}");
    let failed = Report { mismatches: 1, ..preset("my_module") };
    assert_eq!(verdict(&html_of_synthesis(&[], &[failed], "qrtl")), "bad\">1 of 1 netlist failed");
}
