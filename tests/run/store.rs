//! What an archive asks of its place, whether that is a folder or a bucket: one behaviour, one suite.

use futures_util::future::join_all;
use migrator::archive::store::{Folder, Store, StoreError};

fn is_conflict(result: &Result<(), StoreError>) -> bool {
    matches!(result, Err(StoreError::Conflict { .. }))
}

/// The whole suite, on a store that is empty.
pub async fn behaves(store: &dyn Store) {
    objects_are_written_once(store).await;
    an_object_moves_only_from_where_it_was_seen(store).await;
    one_of_many_writers_wins(store).await;
    names_are_listed_in_order(store).await;
}

async fn objects_are_written_once(store: &dyn Store) {
    let key = "revisions/000001.zip";
    assert_eq!(store.get(key).await.unwrap(), None);
    store.put_new(key, b"one").await.unwrap();
    store.put_new(key, b"one").await.expect("the same again is no harm");
    assert!(is_conflict(&store.put_new(key, b"two").await));
    assert_eq!(store.get(key).await.unwrap().as_deref(), Some(&b"one"[..]));
    let bytes: Vec<u8> = (0..300_000_u32).map(|number| (number % 251) as u8).collect();
    store.put_new("revisions/000002.zip", &bytes).await.unwrap();
    assert_eq!(store.get("revisions/000002.zip").await.unwrap(), Some(bytes));
    store.put_new("revisions/000003.zip", b"").await.unwrap();
    assert_eq!(store.get("revisions/000003.zip").await.unwrap().as_deref(), Some(&b""[..]));
}

async fn an_object_moves_only_from_where_it_was_seen(store: &dyn Store) {
    assert!(is_conflict(&store.put_if("HEAD", Some(b"none"), b"a").await), "it is not there yet");
    store.put_if("HEAD", None, b"a").await.unwrap();
    assert!(is_conflict(&store.put_if("HEAD", None, b"b").await));
    assert!(is_conflict(&store.put_if("HEAD", Some(b"b"), b"c").await));
    store.put_if("HEAD", Some(b"a"), b"b").await.unwrap();
    store.put_if("HEAD", Some(b"a"), b"b").await.expect("the answer to the first may have been lost");
    assert!(is_conflict(&store.put_if("HEAD", Some(b"a"), b"c").await));
    assert_eq!(store.get("HEAD").await.unwrap().as_deref(), Some(&b"b"[..]));
}

async fn one_of_many_writers_wins(store: &dyn Store) {
    store.put_if("race", None, b"start").await.unwrap();
    let writers: Vec<Vec<u8>> = (0..12).map(|number| format!("writer {number}").into_bytes()).collect();
    let results = join_all(writers.iter().map(|bytes| store.put_if("race", Some(b"start"), bytes))).await;
    let winners: Vec<usize> = (0..writers.len()).filter(|at| results[*at].is_ok()).collect();
    assert_eq!(winners.len(), 1, "{results:?}");
    assert!(results.iter().all(|result| result.is_ok() || is_conflict(result)), "{results:?}");
    assert_eq!(store.get("race").await.unwrap().as_ref(), Some(&writers[winners[0]]));
}

async fn names_are_listed_in_order(store: &dyn Store) {
    assert!(store.list("nothing/").await.unwrap().is_empty());
    // S3 lists a thousand names at a time.
    let keys: Vec<String> = (0..1_050).map(|number| format!("many/{number:06}")).collect();
    for some in keys.chunks(50) {
        let written = join_all(some.iter().map(|key| store.put_new(key, b"x"))).await;
        written.into_iter().collect::<Result<Vec<()>, _>>().unwrap();
    }
    assert_eq!(store.list("many/").await.unwrap(), keys);
    assert_eq!(store.list("revisions/").await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_folder_keeps_revisions() {
    let folder = tempfile::tempdir().unwrap();
    behaves(&Folder::new(folder.path().join("deeper"))).await;
}
