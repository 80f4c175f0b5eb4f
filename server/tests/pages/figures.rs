//! The page of delivery figures, what stands behind each, and importing with a plain form; without scripts.

use super::house::{Answer, Browser, House, PASSWORD};
use http::StatusCode;

const VIEW: &str = "product=shop&period=custom&from=2025-03-01&to=2025-03-31&bucket=day";
const LINES: &str = r#"{"type":"change","product":"shop","id":"c1","committed_at":"2025-03-03T10:30:00Z"}
{"type":"deployment","product":"shop","env":"production","id":"d0","version":"1.0.0","started_at":"2025-03-02T12:00:00Z","finished_at":"2025-03-02T12:30:00Z","outcome":"success","kind":"regular"}
{"type":"deployment","product":"shop","env":"production","id":"d1","version":"1.0.1","started_at":"2025-03-05T10:00:00Z","finished_at":"2025-03-05T10:30:00Z","outcome":"success","kind":"regular","changes":["c1"]}
"#;

async fn ada(house: &House) -> Browser<'_> {
    let mut browser = house.browser();
    browser.get("/sign-in").await;
    browser.submit("/do/sign_in", &[("email", "ada@example.org"), ("password", PASSWORD)]).await;
    browser
}

#[track_caller]
fn holds(page: &Answer, words: &str) {
    assert!(page.text.contains(words), "“{words}” is not in {}", page.text);
}

/// As a browser sends a form with a file in it.
async fn upload(browser: &mut Browser<'_>, text: &str, file: &str) -> Answer {
    let part = |name: &str, more: &str, body: &str| {
        format!("--frontier\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{body}\r\n")
    };
    let file = part("file", "; filename=\"past.ndjson\"\r\nContent-Type: application/octet-stream", file);
    let body = format!("{file}{}--frontier--\r\n", part("text", "", text));
    let headers = [("sec-fetch-site", "same-origin"), ("content-type", "multipart/form-data; boundary=frontier")];
    browser.post("/dora/import", &headers, body).await
}

fn hidden(page: &Answer, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let rest = page.text.split_once(&mark).unwrap_or_else(|| panic!("{mark} in {}", page.text)).1;
    rest.split('"').next().expect("a value").to_owned()
}

#[tokio::test]
async fn without_data_no_figure_is_zero_and_none_is_elite() {
    let house = House::new().await;
    let mut leader = house.person("Lou", "leadership").await;
    let page = leader.get("/dora").await;
    assert_eq!(page.status, StatusCode::OK);
    for words in ["Change lead time", "no data", "No deployment ended in this period.", "What is not known here"] {
        holds(&page, words);
    }
    assert!(
        !page.text.contains("in the range of elite") && !page.text.contains("nearest to the mean"),
        "{}",
        page.text
    );
    assert!(!page.text.contains("/dora/import"), "importing is for administrators");
    assert_eq!(leader.get("/dora/import").await.status, StatusCode::FORBIDDEN);
    assert_eq!(upload(&mut leader, LINES, "").await.status, StatusCode::FORBIDDEN);
    assert_eq!(leader.get("/dora?product=till").await.status, StatusCode::NOT_FOUND);
    assert_eq!(leader.get("/dora/happiness").await.status, StatusCode::NOT_FOUND);
    let mut nobody = house.browser();
    let refused = upload(&mut nobody, LINES, "").await;
    assert!(
        refused.status == StatusCode::UNAUTHORIZED || refused.header("location").starts_with("/sign-in"),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_view_that_cannot_be_is_explained_and_keeps_what_was_typed() {
    let house = House::new().await;
    let mut leader = house.person("Lou", "leadership").await;
    let page = leader.get("/dora?period=custom&from=2025-03-31&to=2025-03-01&zone=Europe/Lundon").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["Europe/London", "value=\"Europe/Lundon\"", "value=\"2025-03-31\"", "value=\"2025-03-01\""] {
        holds(&page, words);
    }
}

#[tokio::test]
async fn a_file_is_checked_line_by_line_taken_in_shown_and_undone() {
    let house = House::new().await;
    let mut ada = ada(&house).await;
    ada.get("/dora/import").await;
    let wrong = LINES.replace("2025-03-03T10:30:00Z", "yesterday <b>");
    let sent = upload(&mut ada, &wrong, "").await;
    let page = ada.follow(&sent).await;
    for words in
        ["<b>1 line is wrong</b>", "<code>committed_at</code>", "“yesterday &lt;b&gt;”", "Import the 2 sound lines"]
    {
        holds(&page, words);
    }
    holds(&page, "yesterday &lt;b&gt;&quot;}");
    assert_eq!(house.control.world().imports().count(), 0, "nothing is taken in by checking");

    let sent = upload(&mut ada, "", LINES).await;
    let page = ada.follow(&sent).await;
    holds(&page, "“past.ndjson”");
    holds(&page, "shop: 2 deployments and 1 change");
    let done = ada.submit("/do/finish_import", &[("import", &hidden(&page, "import"))]).await;
    let page = ada.follow(&done).await;
    holds(&page, "Imported");
    let figures = ada.get(&format!("/dora?{VIEW}")).await;
    for words in ["from 1 change", "2 d", "from 2 deployments", "Most often on"] {
        holds(&figures, words);
    }
    let gaps = figures.text.matches("no data in ").count();
    assert!(gaps >= 3, "days without data are gaps: {gaps}");
    let behind = ada.get(&format!("/dora/change_lead_time?{VIEW}")).await;
    for words in ["<code>c1</code>", "2 d", "Recomputed from the rows", "1.0.1"] {
        holds(&behind, words);
    }
    // Somebody else’s staged file is not there for others.
    let page = ada.get("/dora/import").await;
    let id = house.control.world().imports().next().expect("an import").id.to_string();
    holds(&page, &format!("id=\"i{id}\""));
    let refused = ada.submit("/do/undo_import", &[("import", &id), ("reason", "")]).await;
    holds(&ada.follow(&refused).await, "reason");
    ada.submit("/do/undo_import", &[("import", &id), ("reason", "Twice.")]).await;
    holds(&ada.get("/dora/import").await, "Twice.");
    holds(&ada.get(&format!("/dora?{VIEW}")).await, "No deployment ended in this period.");
}

#[tokio::test]
async fn nothing_and_nonsense_are_refused_with_words() {
    let house = House::new().await;
    let mut ada = ada(&house).await;
    ada.get("/dora/import").await;
    let sent = upload(&mut ada, "", "").await;
    holds(&ada.follow(&sent).await, "lines in NDJSON or CSV");
    let sent = upload(&mut ada, "type,product,id,colour\n", "").await;
    let page = ada.follow(&sent).await;
    holds(&page, "Nothing in it can be taken.");
    holds(&page, "“colour”");
    let gone = ada.get("/dora/import?staged=00000000-0000-4000-8000-000000000000").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let plain = ada.submit("/dora/import", &[("text", LINES)]).await;
    assert_eq!(plain.status, StatusCode::UNPROCESSABLE_ENTITY);
}
