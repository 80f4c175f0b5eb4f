//! Headings with the blocks below them; put together they are the text again.

use super::lines::{Kind, Lines, marker, title};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockKind {
    Item,
    Paragraph,
    /// A heading of a lower level.
    Heading,
    Blank,
}

/// A run of lines that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) kind: BlockKind,
    pub(super) raw: String,
}

impl Block {
    /// What it says, however it is broken into lines and marked.
    pub(super) fn words(&self) -> String {
        let marker = if self.kind == BlockKind::Item { marker(&self.raw) } else { 0 };
        words(&self.raw[marker..])
    }

    pub(super) fn is_blank(&self) -> bool {
        self.kind == BlockKind::Blank
    }
}

/// The words of a text, one blank between them.
pub(crate) fn words(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !all.is_empty() {
            all.push(' ');
        }
        all.push_str(word);
    }
    all
}

/// What stands below one heading; the first has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Group {
    pub(super) heading: Option<String>,
    pub(super) blocks: Vec<Block>,
}

impl Group {
    pub(super) fn title(&self) -> Option<&str> {
        self.heading.as_deref().map(title)
    }
}

/// Cuts a text at its headings of this level.
pub(super) fn groups(text: &str, level: usize) -> Vec<Group> {
    let mut groups = vec![Group::default()];
    // Between an item and what is indented below it may be blank lines; which they are shows afterwards.
    let mut gap = String::new();
    for (line, kind) in Lines::of(text) {
        let last = groups.len() - 1;
        let blocks = &mut groups[last].blocks;
        let on_item = blocks.last().is_some_and(|block| block.kind == BlockKind::Item);
        if kind == Kind::Blank {
            gap.push_str(line);
            continue;
        }
        let goes_on = match kind {
            Kind::Within => true,
            Kind::Indented => on_item || gap.is_empty(),
            Kind::Plain => gap.is_empty(),
            _ => false,
        };
        let open = matches!(blocks.last(), Some(Block { kind: BlockKind::Item | BlockKind::Paragraph, .. }));
        if goes_on && open {
            if let Some(block) = blocks.last_mut() {
                block.raw.push_str(&gap);
                block.raw.push_str(line);
            }
            gap.clear();
            continue;
        }
        if !gap.is_empty() {
            blocks.push(Block { kind: BlockKind::Blank, raw: std::mem::take(&mut gap) });
        }
        let kind = match kind {
            Kind::Heading(here) if here == level => {
                groups.push(Group { heading: Some(line.to_owned()), blocks: Vec::new() });
                continue;
            }
            Kind::Heading(_) => BlockKind::Heading,
            Kind::Item => BlockKind::Item,
            _ => BlockKind::Paragraph,
        };
        blocks.push(Block { kind, raw: line.to_owned() });
    }
    if let (false, Some(group)) = (gap.is_empty(), groups.last_mut()) {
        group.blocks.push(Block { kind: BlockKind::Blank, raw: gap });
    }
    groups
}

pub(super) fn text(groups: &[Group]) -> String {
    let mut text = String::new();
    for group in groups {
        text.extend(group.heading.as_deref());
        text.extend(group.blocks.iter().map(|block| block.raw.as_str()));
    }
    text
}
