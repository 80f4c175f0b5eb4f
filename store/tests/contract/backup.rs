//! Backups: taken while others write, found when damaged, restored into empty places only.

use crate::{
    contract, imports,
    place::Place,
    private::{account_of, link, order, session, token},
    rollouts::{at, environment, intend, lead, rollout, secret},
};
use control::{
    audit::audit,
    vault::{PrivateWrite, ROLLOUTS, step_begun},
};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use sha2::{Digest as _, Sha256};
use std::{
    fmt::Write as _,
    fs,
    io::{Read as _, Write as _},
    path::Path,
    time::Duration,
};
use store::{
    BackupError, Location, backup,
    contract::{Load, append, instant, product_stream, write_together},
    restore, verify_backup,
};

contract! { databases:
    under_load_it_holds_elsewhere
    what_lets_people_in_stays_behind
    what_rollouts_keep_goes_along_but_for_the_lease
    what_older_programs_saved_is_restored
    it_never_overwrites
    a_damaged_record_is_saved_and_said_to_be
}

async fn under_load_it_holds_elsewhere(place: &Place) {
    let folder = tempfile::tempdir().unwrap();
    let (journal, location) = (place.open().await, place.location());
    let load = Load { writers: 4, each: 60, seed: 3, longest_pause: Duration::from_micros(300) };
    let handles = [journal.clone()];
    let writing = write_together(&handles, load);
    let saving = async {
        let mut taken = Vec::new();
        for n in 0..5 {
            let file = folder.path().join(format!("{n}.backup"));
            taken.push((backup(&location, &file, instant()).await.unwrap(), file));
        }
        taken
    };
    let (tally, taken) = tokio::join!(writing, saving);
    assert!(tally.unwrap().is_sound(load));
    let all = journal.read(0, u32::MAX).await.unwrap();
    for (contents, file) in taken {
        assert_eq!(contents.fault, None);
        assert_eq!(verify_backup(&file).unwrap(), contents);
        let target = place.another().await;
        assert_eq!(restore(&file, &target.location()).await.unwrap(), contents);
        let restored = target.open().await;
        let found = audit(restored.as_ref(), Some(contents.head.clone()), |_, _| {}).await.unwrap();
        assert_eq!((found.events, found.head, found.fault), (contents.events, contents.head, None));
        let many = usize::try_from(contents.events).unwrap();
        assert_eq!(restored.read(0, u32::MAX).await.unwrap(), all[..many]);
        // Life goes on where the backup ends.
        append(restored.as_ref(), &product_stream("after"), 0, 1).await.unwrap();
        target.remove().await;
    }
}

async fn what_lets_people_in_stays_behind(place: &Place) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one.backup");
    let journal = place.open().await;
    append(journal.as_ref(), &product_stream("shop"), 0, 3).await.unwrap();
    order(journal.as_ref(), account_of(1, "ada@example.org")).await.unwrap();
    let one = domain::person::PersonId(uuid::Uuid::from_u128(1));
    order(journal.as_ref(), PrivateWrite::SetPassword { person: one, password_hash: "$argon2id$hash".to_owned() })
        .await
        .unwrap();
    order(journal.as_ref(), token(1, "token-hash")).await.unwrap();
    order(journal.as_ref(), PrivateWrite::PutLink(link("used-link", Some(1), true))).await.unwrap();
    order(journal.as_ref(), PrivateWrite::PutLink(link("open-link", Some(1), false))).await.unwrap();
    journal.put_session(&session("session-hash", 1)).await.unwrap();
    journal.save_snapshot("f", 3, b"snapshot-body").await.unwrap();
    let mut transaction = journal.begin().await.unwrap();
    transaction.keep_answer("ada", "answer-key", "r", b"a", instant()).await.unwrap();
    transaction.commit().await.unwrap();

    let contents = backup(&place.location(), &file, instant()).await.unwrap();
    assert_eq!((contents.events, contents.accounts, contents.links, contents.tokens), (3, 1, 1, 1));
    let text = opened(&file);
    for secret in ["open-link", "session-hash", "answer-key", "snapshot-body"] {
        assert!(!text.contains(secret), "{secret}");
    }

    // Someone started a server at the target and was offered a set-up link: that is still an empty place.
    let target = place.another().await;
    let restored = target.open().await;
    order(restored.as_ref(), PrivateWrite::PutLink(link("set-up-link", None, false))).await.unwrap();
    restore(&file, &target.location()).await.unwrap();
    assert_eq!(restored.link("set-up-link").await.unwrap(), None);
    assert_eq!(restored.accounts().await.unwrap(), journal.accounts().await.unwrap());
    assert_eq!(restored.account_by_email("ADA@example.org").await.unwrap().unwrap().person, one);
    assert_eq!(restored.token("token-hash").await.unwrap(), journal.token("token-hash").await.unwrap());
    assert_eq!(restored.link("used-link").await.unwrap(), Some(link("used-link", Some(1), true)));
    assert_eq!(restored.link("open-link").await.unwrap(), None);
    assert_eq!(restored.session("session-hash").await.unwrap(), None);
    assert_eq!(restored.snapshot("f").await.unwrap(), None);
    assert_eq!(restored.begin().await.unwrap().answer("ada", "answer-key").await.unwrap(), None);
    target.remove().await;
}

async fn what_rollouts_keep_goes_along_but_for_the_lease(place: &Place) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one.backup");
    let journal = place.open().await;
    append(journal.as_ref(), &product_stream("shop"), 0, 3).await.unwrap();
    journal.take_lease(ROLLOUTS, "the-holder", at(0), at(1_000), false).await.unwrap();
    journal.take_lease(ROLLOUTS, "the-next-holder", at(0), at(1_000), true).await.unwrap();
    // More than a page of each.
    let mut transaction = journal.begin().await.unwrap();
    for key in 0..2_001 {
        transaction.write(&intend(key, 2), at(7)).await.unwrap();
    }
    let (here, there) = (environment("shop", "production"), environment("desk", "staging"));
    for (place, name, sealed) in [(&here, "token", b"\0\xff" as &[u8]), (&here, "key", b""), (&there, "key", b"k")] {
        transaction.write(&secret(place, name, sealed), instant()).await.unwrap();
    }
    transaction.commit().await.unwrap();
    imports::stage(journal.as_ref(), 1, &["shop"; 40]).await;
    order(journal.as_ref(), imports::keep(1, 40)).await.unwrap();
    imports::stage(journal.as_ref(), 2, &["shop"]).await;
    let samples: Vec<_> = (0..4_002).map(|n| (rollout(n % 2), at(n.try_into().unwrap()), vec![0xff, 0])).collect();
    journal.keep_samples(&samples).await.unwrap();

    let contents = backup(&place.location(), &file, instant()).await.unwrap();
    assert_eq!(
        (contents.secrets, contents.intents, contents.samples, contents.fault.as_ref()),
        (3, 2_001, 4_002, None)
    );
    assert_eq!(contents.imports, 1, "what was only staged stays behind");
    assert_eq!(verify_backup(&file).unwrap(), contents);
    assert!(!opened(&file).contains("holder"));

    let target = place.another().await;
    assert_eq!(restore(&file, &target.location()).await.unwrap(), contents);
    let restored = target.open().await;
    for place in [&here, &there] {
        assert_eq!(restored.secrets(place).await.unwrap(), journal.secrets(place).await.unwrap());
    }
    for id in [rollout(0), rollout(1)] {
        let samples = restored.samples(id).await.unwrap();
        assert_eq!((samples.len(), &samples), (2_001, &journal.samples(id).await.unwrap()));
    }
    let parts = restored.imported(imports::import(1), &"shop".parse().unwrap(), 0, 100).await.unwrap();
    assert_eq!(parts, (0..40).map(|n| imports::part(1, n, "shop")).collect::<Vec<_>>());
    assert_eq!(restored.staged_import(imports::import(2)).await.unwrap(), None);
    let sum = "SELECT CAST(SUM(epoch) AS BIGINT) FROM intents WHERE at = '2026-03-01T12:00:00.257Z'";
    assert_eq!(target.meddler().await.number(sum).await, 4_002);
    // Nobody leads there yet; whoever does begins nothing twice.
    assert_eq!(lead(restored.as_ref(), "another").await, Some(1));
    let begun = order(restored.as_ref(), intend(2_000, 1)).await;
    assert_eq!(begun, Err(step_begun(uuid::Uuid::from_u128(2_000))));
    target.remove().await;
}

async fn what_older_programs_saved_is_restored(place: &Place) {
    // Written by the program as it was when archives had format 1.
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract/format-1.backup");
    let contents = verify_backup(&file).unwrap();
    assert_eq!((contents.events, contents.accounts, contents.links, contents.tokens), (3, 1, 1, 1));
    assert_eq!((contents.secrets, contents.intents, contents.samples), (0, 0, 0));
    // Someone leads at the target already, and goes on leading.
    let target = place.open().await;
    assert_eq!(lead(target.as_ref(), "here").await, Some(1));
    assert_eq!(restore(&file, &place.location()).await.unwrap(), contents);
    let found = audit(target.as_ref(), Some(contents.head), |_, _| {}).await.unwrap();
    assert_eq!((found.events, found.fault), (3, None));
    assert!(target.token("token-hash").await.unwrap().is_some() && target.link("used-link").await.unwrap().is_some());
    assert_eq!(target.account_by_email("ada@example.org").await.unwrap().unwrap().name, "Person 1");
    assert_eq!(lead(target.as_ref(), "there").await, None);
    order(target.as_ref(), intend(1, 1)).await.unwrap();
}

async fn it_never_overwrites(place: &Place) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one.backup");
    let journal = place.open().await;
    append(journal.as_ref(), &product_stream("shop"), 0, 3).await.unwrap();
    backup(&place.location(), &file, instant()).await.unwrap();
    let before = fs::read(&file).unwrap();
    let error = backup(&place.location(), &file, instant()).await.unwrap_err();
    assert!(matches!(error, BackupError::Exists { .. }), "{error}");
    assert_eq!(fs::read(&file).unwrap(), before);
    let error = restore(&file, &place.location()).await.unwrap_err();
    assert!(matches!(error, BackupError::NotEmpty { .. }), "{error}");
    assert_eq!(journal.head().await.unwrap().seq, 3);
    // Only accounts there, or only secrets: not empty either.
    for one in [account_of(1, "ada@example.org"), secret(&environment("shop", "staging"), "key", b"k")] {
        let target = place.another().await;
        order(target.open().await.as_ref(), one).await.unwrap();
        let error = restore(&file, &target.location()).await.unwrap_err();
        assert!(matches!(error, BackupError::NotEmpty { .. }), "{error}");
        target.remove().await;
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no half-written files stay behind");
}

async fn a_damaged_record_is_saved_and_said_to_be(place: &Place) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one.backup");
    let journal = place.open().await;
    append(journal.as_ref(), &product_stream("shop"), 0, 5).await.unwrap();
    place.meddler().await.run("UPDATE events SET actor = 'somebody' WHERE seq = 3").await;
    let contents = backup(&place.location(), &file, instant()).await.unwrap();
    assert_eq!(contents.fault.unwrap().seq, 3);
    // The header is line 1, so event 3 stands on line 4.
    let error = verify_backup(&file).unwrap_err().to_string();
    assert!(error.contains("one.backup, line 4") && error.contains("event 3"), "{error}");
    let target = place.another().await;
    restore(&file, &target.location()).await.unwrap_err();
    assert_eq!(target.open().await.head().await.unwrap().seq, 0);
    target.remove().await;
}

#[tokio::test]
async fn any_flipped_byte_and_any_cut_is_found() {
    let (file, _place, folder) = small_backup().await;
    let sound = fs::read(&file).unwrap();
    let bad = folder.path().join("bad.backup");
    for n in 0..sound.len() {
        let mut bytes = sound.clone();
        bytes[n] ^= 1 << (n % 8);
        fs::write(&bad, &bytes).unwrap();
        assert!(verify_backup(&bad).is_err(), "byte {n}");
    }
    for n in 0..sound.len() {
        fs::write(&bad, &sound[..n]).unwrap();
        assert!(verify_backup(&bad).is_err(), "cut to {n}");
    }
    fs::write(&bad, [&sound[..], b"\n"].concat()).unwrap();
    assert!(verify_backup(&bad).is_err());
    // A bad archive makes nothing at the target.
    let target = folder.path().join("target.db");
    restore(&bad, &Location::Sqlite(target.clone())).await.unwrap_err();
    assert!(!target.exists());
}

#[tokio::test]
async fn a_well_sealed_lie_is_found_with_its_line() {
    let (file, _place, folder) = small_backup().await;
    let text = opened(&file);
    let lines: Vec<&str> = text.lines().collect();
    let many = lines.len();
    let cases: [(Vec<&str>, &str); 8] = [
        (vec![], "empty"),
        (vec!["{\"pilothouse_backup\":4}"], "format is 4"),
        (lines[..2].to_vec(), "line 3: the file ends here"),
        ([&lines[..2], &lines[3..]].concat(), "line 3: the record is not sound at 2"),
        ([&lines[..1], &lines[4..]].concat(), "line 5: it counts 3 events"),
        (
            [&lines[..many - 2], &lines[many - 1..]].concat(),
            "before it stand 3 events, 0 accounts, 0 links, 0 tokens, 1 secrets, 1 intents, 0 samples, 0 imports and 0 parts of them",
        ),
        ([&lines[..many - 2], &["{\"sample\":{\"body\":\"*\"}}"]].concat(), "line 7: it is not a line of a backup"),
        ([&lines[..], &lines[1..2]].concat(), "something follows the last line"),
    ];
    for (n, (lines, why)) in cases.into_iter().enumerate() {
        let bad = folder.path().join(format!("{n}.backup"));
        fs::write(&bad, sealed(&lines)).unwrap();
        let error = verify_backup(&bad).unwrap_err().to_string();
        assert!(error.contains(why) && error.contains(&format!("{n}.backup")), "{error}");
    }
    let unsealed = folder.path().join("plain.txt");
    fs::write(&unsealed, &text).unwrap();
    assert!(verify_backup(&unsealed).unwrap_err().to_string().contains("seal"));
}

#[tokio::test]
async fn what_is_not_there_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let (place, file) = (folder.path().join("none.db"), folder.path().join("one.backup"));
    let error = backup(&Location::Sqlite(place.clone()), &file, instant()).await.unwrap_err();
    assert!(error.to_string().contains("none.db") && !place.exists() && !file.exists(), "{error}");
    let error = verify_backup(&file).unwrap_err().to_string();
    assert!(error.contains("one.backup"), "{error}");
}

#[tokio::test]
async fn from_one_database_into_the_other() {
    let Some(postgres) = Place::postgres().await else { return };
    let (file, sqlite, folder) = small_backup().await;
    let there = restore(&file, &postgres.location()).await.unwrap();
    let again = folder.path().join("again.backup");
    assert_eq!(backup(&postgres.location(), &again, instant()).await.unwrap(), there);
    assert_eq!(opened(&again), opened(&file));
    let back = sqlite.another().await;
    restore(&again, &back.location()).await.unwrap();
    assert_eq!(back.open().await.read(0, 9).await.unwrap(), sqlite.open().await.read(0, 9).await.unwrap());
    postgres.remove().await;
}

async fn small_backup() -> (std::path::PathBuf, Place, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let (file, place) = (folder.path().join("one.backup"), Place::sqlite());
    let journal = place.open().await;
    append(journal.as_ref(), &product_stream("shop"), 0, 3).await.unwrap();
    lead(journal.as_ref(), "one").await;
    order(journal.as_ref(), intend(1, 1)).await.unwrap();
    order(journal.as_ref(), secret(&environment("shop", "production"), "token", b"sealed")).await.unwrap();
    journal.keep_sample(rollout(1), at(1), b"body").await.unwrap();
    backup(&place.location(), &file, instant()).await.unwrap();
    (file, place, folder)
}

/// The lines, as anybody can read them with gzip.
fn opened(file: &Path) -> String {
    let mut text = String::new();
    GzDecoder::new(fs::File::open(file).unwrap()).read_to_string(&mut text).unwrap();
    text
}

fn sealed(lines: &[&str]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    for line in lines {
        writeln!(out, "{line}").unwrap();
    }
    let mut bytes = out.finish().unwrap();
    let mut seal = String::from("pilothouse backup sha256 ");
    for byte in Sha256::digest(&bytes) {
        write!(seal, "{byte:02x}").unwrap();
    }
    bytes.extend(seal.into_bytes());
    bytes.push(b'\n');
    bytes
}
