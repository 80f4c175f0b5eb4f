//! Given windows that were judged, when somebody looks at the rollout or its release, then they see the canary beside what ran,
//! with gaps as gaps, and everything as text.

use crate::stage::Stage;
use chrono::TimeDelta;
use domain::rollout::RolloutId;
use http::StatusCode;
use serde_json::{Value, json};

const SAID: &str = "Canary fails 4 % of requests <script>alert(1)</script>, stable 1 %.";

fn arm(requests: u32, errors: u32) -> Value {
    let latency = json!({ "bounds": [50, 100, 250], "counts": [requests - errors, errors, 0, 0] });
    json!({ "version": "1.0.1", "source": "router", "gauges": { "cpu": 0.4 },
        "totals": { "requests": requests, "errors": errors, "latency": latency } })
}

/// Forty windows of fifteen seconds; nothing could be told in the twentieth, and nobody looked for a minute after the thirtieth.
async fn judged(stage: &Stage, id: RolloutId) {
    let begun = stage.house.control.now();
    let mut samples = Vec::new();
    for n in 0..40_i32 {
        let later = if n < 30 { n * 15 } else { n * 15 + 60 };
        let (stable, canary) = if n == 20 {
            let silent =
                json!({ "version": "1.0.1", "source": "router", "missing": { "lack": "absent", "why": "Nothing." } });
            (silent.clone(), silent)
        } else {
            (arm(300, 3), arm(100, 4))
        };
        let opinion = if n < 39 { "hold" } else { "roll_back" };
        // The limit of the playbook that the figures are held against; they rise.
        let row = json!({ "rule": "roll_back_errors", "signal": "error_rate", "limit": "> 5 %", "alert": null,
            "actual": 0.01 + f64::from(n) / 1_000.0, "bound": 0.05, "standing": "kept", "minutes": 0, "why": null });
        let ruling =
            json!({ "roll_back": [], "shared": [], "blocks": [], "alerts": [], "not_known": [], "rows": [row] });
        let body = json!({ "seconds": 15, "share": 0.25, "ruling": ruling, "signs": ["“HighErrorRate” fires."], "stable": stable, "canary": canary, "opinion": opinion,
            "ground": "errors", "verdict": {}, "said": SAID, "hash": "abc", "panel": {} });
        samples.push((id, begun + TimeDelta::seconds(later.into()), body.to_string().into_bytes()));
    }
    stage.house.control.journal().keep_samples(&samples).await.expect("kept");
}

#[tokio::test]
async fn canary_and_baseline_stand_side_by_side() {
    // given a rollout that was judged for ten minutes
    let mut stage = Stage::new().await;
    stage.approved("1.0.1").await;
    let id = stage.promote("1.0.1", "canary").await;
    stage.go_on().await;
    let before = stage.page_of(stage.engineer, id).await;
    assert!(!before.text.contains("Canary against baseline</h2>"), "nothing was judged yet");
    judged(&stage, id).await;
    // when somebody looks
    let page = stage.page_of(stage.engineer, id).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    // then there are three charts for wide and narrow places, each with its verdict, a reader and a table
    assert_eq!(page.text.matches("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart ").count(), 6);
    for words in [
        "<title>Error rate: canary 4 %, stable 1 %. Canary fails 4 % of requests &lt;script&gt;",
        "Latency, p95",
        "type=\"range\"",
        "data-again=\"20\"",
        "data-judged=\"environment/till/production\"",
        "/samples?format=csv",
        "canary 4 % (1.6 % to 9.8 %), stable 1 %",
        "“HighErrorRate” fires.",
        "What the playbook asks for",
        "&gt; 5 %",
        "<b>4.9 %</b>",
        "class=\"spark\"",
        "up from 1 %",
    ] {
        assert!(page.text.contains(words), "“{words}” is missing in {}", page.text);
    }
    assert!(!page.text.contains("<script>alert"), "everything is text");
    // two gaps: the line of the canary is drawn in three pieces, and a row says that there is no data
    let path =
        page.text.split("<path class=\"canary\"").nth(1).and_then(|rest| rest.split("/>").next()).expect("a line");
    assert_eq!(path.matches('M').count(), 3, "{path}");
    assert!(page.text.contains("<td>no data</td>"));
    // and another part of the latency is a link away
    let other = stage.house.get(Some(stage.engineer), &format!("/till/deployments/{id}?latency=p99")).await;
    assert!(other.text.contains("<h3>Latency, p99</h3>") && !other.text.contains("<h3>Latency, p95</h3>"));
    let release = stage.release_page(stage.engineer, "1.0.1").await;
    assert!(release.text.contains("Canary against baseline</h2>"), "{}", release.text);
}
