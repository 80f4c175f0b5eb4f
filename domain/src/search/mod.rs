//! Texts found by their words: a word may be begun only, or hold one wrong letter. The best come first.
//!
//! The whole index is in memory and follows what it is about one text at a time; asking it walks through its vocabulary
//! once for each word, which is what finds words with a slip in them.

mod index;
mod likeness;
mod words;

#[cfg(test)]
mod tests;

pub use index::{Field, Found, Index};
