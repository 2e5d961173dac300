//! What is told of a turn while it is under way.

use grimoire_core::{
    preview::Preview,
    turn::{News, Reply, Stage},
};

use crate::stage::{account, intent, world};

/// What is told of a plan, the pieces of its summary, and the preview it comes to.
fn told(actions: &[&str]) -> (Vec<Option<Stage>>, Vec<String>, Preview) {
    let (mut order, mut pieces) = (Vec::new(), Vec::new());
    let mut hear = |news: News<'_>| match news {
        News::Stage(stage) => order.push(Some(stage)),
        News::Summary(piece) => {
            order.push(None);
            pieces.push(piece.to_owned());
        }
    };
    let reply = world().preview(&intent(actions), Some(account("lender")), &mut hear).expect("it answers");
    let Reply::Preview(preview) = reply else { panic!("{actions:?} is asked about") };
    (order, pieces, *preview)
}

#[test]
fn the_summary_is_told_step_by_step_before_the_plan_is_simulated() {
    let actions = [
        "withdraw venue=aave_v3 token=USDC amount=500",
        "token_in=USDC token_out=ETH amount_in=50%_step1",
        "deposit venue=morpho_blue token=USDC amount=rest_step1",
    ];
    let (order, pieces, preview) = told(&actions);
    assert!(preview.executable, "{:?}", preview.blocked);
    assert_eq!(order, [Some(Stage::Building), None, None, None, Some(Stage::Validating)]);
    assert!(pieces[1].starts_with(", then swap 250 USDC"), "{pieces:?}");
    assert_eq!(pieces.concat(), format!("{}.", preview.summary));
}

#[test]
fn a_plan_that_stops_is_told_to_its_end() {
    let actions = ["withdraw venue=aave_v3 token=USDC amount=500", "token_in=USDC token_out=BAL amount_in=5"];
    let (order, pieces, preview) = told(&actions);
    assert!(!preview.executable);
    assert_eq!(order, [Some(Stage::Building), None, None], "it is never simulated");
    assert_eq!(pieces.concat(), format!("{}.", preview.summary));
    assert!(preview.summary.ends_with(", then swap 5 USDC to BAL via Uniswap V3"), "{}", preview.summary);
}
