//! The demonstration: people, products and releases in an empty data folder.
