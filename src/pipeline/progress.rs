//! How far a build has come, for those who wait.

/// A part of the build, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading front matter, headings and links of each file.
    Parse,
    /// Pairing the languages, ordering the tree, resolving links.
    Link,
    /// Making pages and handing them to the sink.
    Render,
}

/// Is told how far a build has come.
pub trait Progress: Sync {
    /// A stage begins; it has `total` steps.
    fn begin(&self, stage: Stage, total: usize);
    /// One step of it is done.
    fn step(&self);
}

/// Tells nobody.
pub struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: Stage, _: usize) {}
    fn step(&self) {}
}
