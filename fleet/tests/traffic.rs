//! Customers notice nothing: not a canary, not a switch, not a way back.

mod yard;

use fleet::{WHOLE, protocol::Action};
use yard::{
    Yard,
    customers::{Crowd, Customer},
};

#[tokio::test]
async fn a_canary_from_five_to_a_hundred_and_the_retiring_of_the_old_lose_no_request() {
    let yard = Yard::new().await;
    yard.running("1.0.0").await;
    let crowd = Crowd::of(6, yard.front());

    yard.done(Action::Deploy, "1.1.0", Some("1.0.0")).await;
    for percent in [5, 25, 50, 100] {
        yard.done(Action::Weight { share: percent * WHOLE / 100 }, "1.1.0", Some("1.0.0")).await;
        let mut customer = Customer::at(yard.front()).await.expect("the front listens");
        for _ in 0..200 {
            customer.get("/").await.expect("an answer");
        }
    }
    yard.done(Action::Promote, "1.1.0", Some("1.0.0")).await;
    yard.done(Action::Retire, "1.1.0", Some("1.0.0")).await;

    let tally = crowd.home().await;
    assert_eq!(tally.failures, Vec::<String>::new());
    assert!(tally.answers["1.0.0"] > 0 && tally.answers["1.1.0"] > 0, "{:?}", tally.answers);
    let arms = yard.observe().await;
    assert_eq!(arms.len(), 1);
    assert_eq!((arms[0].version.as_str(), arms[0].share, arms[0].healthy), ("1.1.0", WHOLE, 2));
}
