//! What is found, in which order, and what is not.

use super::{Field, Index, likeness::likeness};

fn put(index: &mut Index<u32>, key: u32, title: &str, rest: &str) {
    index.put(key, &[Field { text: title, weight: 3.0 }, Field { text: rest, weight: 1.0 }]);
}

fn shop() -> Index<u32> {
    let mut index = Index::default();
    put(&mut index, 1, "Cart empties itself", "After a day without a click. Workaround: sign in again.");
    put(&mut index, 2, "Checkout is slow", "Customers wait for the cart, up to 20 s. Error E1042.");
    put(&mut index, 3, "Totals are rounded", "By a cent, in the checkout of shops in Zürich. Error E1043.");
    index
}

fn keys(index: &Index<u32>, question: &str) -> Vec<u32> {
    index.find(question, |_| true).into_iter().map(|found| found.key).collect()
}

fn like(asked: &str, word: &str) -> Option<f32> {
    let letters = |text: &str| text.chars().collect::<Vec<_>>();
    likeness(&letters(asked), &letters(word))
}

#[test]
fn a_title_counts_for_more_than_the_rest() {
    let index = shop();
    assert_eq!(keys(&index, "cart"), [1, 2]);
    assert_eq!(keys(&index, "CHECKOUT"), [2, 3]);
    assert_eq!(keys(&index, "zürich"), [3]);
    assert_eq!(keys(&index, "nothing like it"), [1], "“it” begins “itself”; the others are nowhere");
    assert_eq!(keys(&index, ""), Vec::<u32>::new());
    assert_eq!(keys(&index, "?!"), Vec::<u32>::new());
}

#[test]
fn texts_with_all_words_come_alone() {
    let index = shop();
    assert_eq!(keys(&index, "checkout cart"), [2]);
    assert_eq!(keys(&index, "checkout zurich nowhere"), [3], "the most words of the question");
}

#[test]
fn a_word_may_be_begun_only() {
    let index = shop();
    for begun in ["c", "ch", "che", "chec", "check", "checko", "checkou"] {
        assert!(keys(&index, begun).contains(&2), "{begun}");
    }
    assert_eq!(keys(&index, "cart emp"), [1]);
}

#[test]
fn one_slip_in_a_word_is_forgiven_wherever_it_is() {
    let index = shop();
    let word: Vec<char> = "checkout".chars().collect();
    let mut slips = Vec::new();
    for at in 0..word.len() {
        let mut missing = word.clone();
        missing.remove(at);
        let mut other = word.clone();
        other[at] = 'q';
        let mut more = word.clone();
        more.insert(at, 'q');
        slips.extend([missing, other, more]);
        if at + 1 < word.len() {
            let mut swapped = word.clone();
            swapped.swap(at, at + 1);
            slips.push(swapped);
        }
    }
    for slip in slips {
        let slip: String = slip.into_iter().collect();
        assert_eq!(keys(&index, &slip), [2, 3], "{slip}");
        assert_eq!(keys(&index, &format!("{slip} slow")), [2], "{slip}");
    }
}

#[test]
fn words_are_alike_or_not() {
    let cases = [
        ("cart", "cart", Some(1.0)),
        ("cart", "carton", Some(0.8)),
        ("crat", "cart", Some(0.5)),
        ("chekc", "checkout", Some(0.25)),
        ("cat", "cart", None),
        ("ckechuot", "checkout", None),
        ("e1042", "e1043", None),
        ("e104", "e1043", Some(0.8)),
        ("cartoon", "cart", None),
        ("carts", "cart", Some(0.5)),
    ];
    for (asked, word, expected) in cases {
        assert_eq!(like(asked, word), expected, "{asked} {word}");
    }
}

#[test]
fn numbers_are_what_they_are() {
    let index = shop();
    assert_eq!(keys(&index, "E1042"), [2]);
    assert_eq!(keys(&index, "e1043"), [3]);
    assert_eq!(keys(&index, "e1044"), Vec::<u32>::new());
}

#[test]
fn what_fits_alone_is_told() {
    let found = shop().find("cart", |key| *key != 1);
    assert_eq!(found.iter().map(|f| f.key).collect::<Vec<_>>(), [2]);
}

#[test]
fn a_text_that_changes_is_found_by_what_it_says_now() {
    let mut index = shop();
    put(&mut index, 1, "Basket empties itself", "Sign in again.");
    assert_eq!(keys(&index, "cart"), [2]);
    assert_eq!(keys(&index, "basket"), [1]);
    index.remove(&2);
    assert_eq!(keys(&index, "cart"), Vec::<u32>::new());
    assert_eq!(index.len(), 2);
    // Places that became free are taken again.
    put(&mut index, 4, "Cart is back", "");
    assert_eq!(keys(&index, "cart"), [4]);
    assert_eq!(keys(&index, "slow"), Vec::<u32>::new());
    for key in [1, 3, 4] {
        index.remove(&key);
    }
    assert!(index.is_empty() && index.words.iter().all(|word| word.stands.is_empty()));
}
