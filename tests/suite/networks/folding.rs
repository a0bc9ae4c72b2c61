//! Folds of networks: for cycles, within budgets, as given, and none that is possible.

use std::fs;

use super::hardware::{data, folded};
use crate::common::command::qrtl;
use crate::common::folder::Folder;
use qrtl::network::{Budget, Estimate, Fold, Folding, HardwareReport, Profile, Resource};
use qrtl::{Implementation, Target};

/// Report on the small network of convolutions under a folding.
fn report(folding: Folding) -> Result<HardwareReport, String> {
    let path = data("convolutions.tflite");
    folded(&path, Profile::Tflm, folding, Implementation::default()).map(|made| made.report)
}

#[test]
fn takes_the_fewest_cycles_for_a_number_of_multipliers() {
    let mut slower = usize::MAX;
    for most in [5, 8, 9, 20, 10_000] {
        let found = report(Folding::Budget(Budget::default().with(Resource::Multipliers, most))).unwrap();
        assert!(found.multipliers <= most && found.cycles <= slower, "{most}: {found}");
        slower = found.cycles;
        // One cycle less needs more multipliers, or is not reachable.
        match report(Folding::Cycles(found.cycles - 1)) {
            Ok(faster) => assert!(faster.multipliers > most, "{most}: {faster}"),
            Err(error) => assert!(error.contains("not reachable"), "{error}"),
        }
    }
    let error = report(Folding::Budget(Budget::default().with(Resource::Multipliers, 4))).unwrap_err();
    assert_eq!(error, "4 multipliers are too few: the network needs 5; set --multipliers to 5 or more");
}

#[test]
fn takes_the_fewest_cycles_for_a_budget_of_a_family() {
    let path = data("convolutions.tflite");
    let implementation = Implementation { target: Target::Ecp5, ..Implementation::default() };
    let within = |budget: Budget| folded(&path, Profile::Tflm, Folding::Budget(budget), implementation);
    let slowest = folded(&path, Profile::Tflm, Folding::ReachableCycles(usize::MAX), implementation).unwrap();
    let least = slowest.report.estimate.unwrap();
    let amounts = |estimate: Estimate| [estimate.luts, estimate.dsps, estimate.rams];
    let resources = [Resource::Luts, Resource::Dsps, Resource::Rams];
    for ((resource, least), more) in resources.into_iter().zip(amounts(least)).zip([1500, 12, 3]) {
        let index = resources.iter().position(|own| *own == resource).unwrap();
        let most = least + more;
        let report = within(Budget::default().with(resource, most)).unwrap().report;
        assert!(report.cycles < slowest.report.cycles, "{resource}: {report}");
        assert!(amounts(report.estimate.unwrap())[index] <= most, "{resource}: {report}");
        if least > 0 {
            let error = within(Budget::default().with(resource, least - 1)).unwrap_err();
            let reason = format!(
                "{} {resource} are too few: the network needs about {least}; set --{} to {least} or more",
                least - 1,
                resource.option()
            );
            assert_eq!(error, reason);
        }
    }
    // Both limits hold.
    let both = Budget::default().with(Resource::Luts, least.luts + 1500).with(Resource::Dsps, least.dsps + 1);
    let both = within(both).unwrap().report.estimate.unwrap();
    assert!(both.luts <= least.luts + 1500 && both.dsps <= least.dsps + 1, "{both}");
    let error = report(Folding::Budget(Budget::default().with(Resource::Luts, 9000))).unwrap_err();
    assert_eq!(error, "LUTs are those of an FPGA family; name it with --target, or limit --multipliers");
}

#[test]
fn without_a_limit_the_slowest_layer_sets_the_cycles() {
    let error = report(Folding::Cycles(10)).unwrap_err();
    let found = report(Folding::ReachableCycles(10)).unwrap();
    assert!(error.contains(&format!("set --cycles to {} or more", found.cycles)), "{error}");
    assert_eq!(found.request, "no limit requested");
}

#[test]
fn folds_layers_as_given_and_the_others_to_keep_up() {
    let given = |layer, inputs, outputs| report(Folding::Given([(layer, Fold { inputs, outputs })].into()));
    let found = given(2, 5, 1).unwrap();
    let module = |layer: usize| found.modules.iter().find(|module| module.layer == Some(layer)).unwrap();
    assert_eq!((module(2).multipliers, module(2).cycles, found.cycles), (5, 432, 432));
    assert!(found.modules.iter().all(|module| module.cycles <= 432), "{found}");
    let error = given(2, 4, 1).unwrap_err();
    assert!(
        error.starts_with("layer 2, node ") && error.contains("cannot be folded 4x1; use one of 1x1, "),
        "{error}"
    );
    let error = given(99, 1, 1).unwrap_err();
    assert!(error.contains("a fold is given for layer 99, and the network has 5 layers"), "{error}");
}

#[test]
fn report_with_edited_folds_is_a_fold_file() {
    let folder = Folder::new();
    let network = data("convolutions.tflite");
    let network = network.to_str().unwrap();
    qrtl(&["generate", network, "--cycles", "1000", "-o", &folder.name("out")]).product();
    let path = folder.path("out/network_convolutions_report.json");
    let mut report: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let fold = &mut report["modules"][4]["fold"];
    assert_eq!(*fold, serde_json::json!({ "inputs": 1, "outputs": 1 }));
    *fold = serde_json::json!({ "inputs": 3, "outputs": 1 });
    let edited = folder.path("edited.json");
    fs::write(&edited, report.to_string()).unwrap();
    let edited = edited.to_str().unwrap();
    qrtl(&["generate", network, "--fold", edited, "-o", &folder.name("out")]).product();
    let text = fs::read_to_string(folder.path("out/network_convolutions.v")).unwrap();
    assert!(text.contains("qrtl generate convolutions.tflite --fold edited.json\n"));
    let changed: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(changed["modules"][4]["multipliers"], 3);
    for (content, reason) in
        [("{}", "holds no folds: missing field"), (r#"{"modules": []}"#, "holds no folds;")]
    {
        fs::write(edited, content).unwrap();
        qrtl(&["generate", network, "--fold", edited]).refused_with(&[reason, "_report.json"]);
    }
    qrtl(&["generate", network, "--fold", "none.json"])
        .refused_with(&["cannot read none.json", "_report.json"]);
}
