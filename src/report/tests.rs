use super::*;
use crate::network::{Classifier, Digits, Outcome, Software, Variant, evaluate};

fn report() -> Report {
    let (classifier, digits) = (Classifier::embedded(), Digits::embedded());
    let evaluation = evaluate(&classifier, &digits, &Variant::grid(), |_| Ok(Software), |_| ()).unwrap();
    let row = CosimulationRow {
        preset: "int8_multiplier".into(),
        unit: "multiplier".into(),
        domain: "2^16".into(),
        compared: 65_536,
        exhaustive: true,
        mismatches: 0,
        seconds: 0.5,
    };
    Report { cosimulation: vec![row], evaluation }
}

#[test]
fn the_page_shows_the_results_and_loads_nothing() {
    let report = report();
    let page = render(&report);
    for figure in ["97.50 %", "351 of 360", "65,536", "131 k", "uint8_mac_zp", "302,400"] {
        assert!(page.contains(figure), "{figure}");
    }
    for outcome in &report.evaluation.outcomes {
        let accuracy = report.evaluation.percent(outcome.correct);
        let title = format!("{} {}: {accuracy:.2} %", outcome.variant.widths(), outcome.variant.method());
        assert!(page.contains(&title), "{title}");
    }
    for loading in ["http:", "https:", "src=", "href=", "url(", "@import", "<script"] {
        assert!(!page.contains(loading), "{loading}");
    }
    assert!(!page.contains("bad\">"));
}

#[test]
fn awkward_strings_are_escaped() {
    let mut report = report();
    let awkward = "</td><script>alert(\"&'\")</script>";
    let row = &mut report.cosimulation[0];
    (row.preset, row.unit, row.domain) = (awkward.into(), awkward.into(), awkward.into());
    let evaluation = &mut report.evaluation;
    evaluation.network = awkward.into();
    evaluation.outcomes[0].mac = awkward.into();
    let page = render(&report);
    assert!(!page.contains("<script>"));
    let escaped = "&lt;/td&gt;&lt;script&gt;alert(&quot;&amp;&#39;&quot;)&lt;/script&gt;";
    assert_eq!(page.matches(escaped).count(), 5);
}

#[test]
fn a_mismatch_stands_out() {
    let mut report = report();
    report.cosimulation[0].mismatches = 1;
    report.evaluation.outcomes[3].mismatches = 2_000;
    let page = render(&report);
    assert_eq!(page.matches("bad\">").count(), 3);
    assert_eq!(page.matches("bad\">2,000<").count(), 2);
}

#[test]
fn lossless_and_missing_results_leave_no_broken_coordinates() {
    let mut report = report();
    for outcome in &mut report.evaluation.outcomes {
        outcome.errors.fill(0.0);
        outcome.logits.sqnr_db = f64::INFINITY;
    }
    report.cosimulation[0].seconds = 0.0;
    let empty = Report {
        cosimulation: Vec::new(),
        evaluation: crate::network::Evaluation {
            outcomes: Vec::<Outcome>::new(),
            ..report.evaluation.clone()
        },
    };
    for report in [report, empty] {
        let page = render(&report);
        for broken in ["NaN", "inf\"", "inf "] {
            assert!(!page.contains(broken), "{broken}");
        }
    }
}
