//! Covers secrets in texts that came from elsewhere, before anybody keeps or reads them.

use control::driver::Secret;

const COVER: &str = "(hidden)";
/// Covering texts as short as this would cover harmless words with them.
const SHORTEST: usize = 4;

/// The secrets that may come back in an answer or an output.
#[derive(Debug, Clone, Default)]
pub struct Veil(Vec<Secret>);

impl Veil {
    pub fn over<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut veil = Self::default();
        for secret in secrets {
            veil.add(secret);
        }
        veil
    }

    pub fn add(&mut self, secret: &Secret) {
        if secret.reveal().trim().len() >= SHORTEST {
            self.0.push(Secret::new(secret.reveal().trim()));
            // The longest first: one secret may begin with another.
            self.0.sort_by_key(|secret| std::cmp::Reverse(secret.reveal().len()));
        }
    }

    /// The text with each secret covered.
    pub fn cover(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret.reveal(), COVER))
    }

    /// The text covered, on one line, without control characters: at most so many characters of its beginning.
    pub fn head(&self, text: &str, most: usize) -> String {
        let line = self.line(text);
        match line.char_indices().nth(most) {
            Some((at, _)) => format!("{}…", &line[..at]),
            None => line,
        }
    }

    /// Like [`Self::head`], of its end.
    pub fn tail(&self, text: &str, most: usize) -> String {
        let line = self.line(text);
        let length = line.chars().count();
        if length <= most {
            return line;
        }
        format!("…{}", line.chars().skip(length - most).collect::<String>())
    }

    fn line(&self, text: &str) -> String {
        let covered = self.cover(text);
        let words = covered.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_covered_the_longest_first() {
        let veil = Veil::over(&[Secret::new("hunter22"), Secret::new("hunter22-and-more\n")]);
        assert_eq!(veil.cover("a hunter22-and-more b hunter22"), "a (hidden) b (hidden)");
        assert!(!format!("{veil:?}").contains("hunter22"));
    }

    #[test]
    fn a_tail_is_one_line_cut_after_covering() {
        let veil = Veil::over(&[Secret::new("hunter22")]);
        assert_eq!(veil.tail("one\n\u{1b}two\thunter22\n", 100), "one two (hidden)");
        assert_eq!(veil.tail("xxxx hunter22", 10), "…x (hidden)");
        assert_eq!(veil.head("xxxx hunter22", 6), "xxxx (…");
    }
}
