use super::*;

#[test]
fn probe() {
    let evaluation =
        evaluate(&Classifier::embedded(), &Digits::embedded(), &Variant::grid(), |_| Ok(Software), |_| ())
            .unwrap();
    println!("float {}", evaluation.percent(evaluation.float_correct));
    for o in &evaluation.outcomes {
        println!(
            "{:32} {:24} {:.2} {:+.2} {:.1} {} {}",
            o.variant.to_string(),
            o.mac,
            evaluation.percent(o.correct),
            -evaluation.drop(o),
            o.logits.sqnr_db,
            o.compared,
            o.mismatches
        );
    }
}
