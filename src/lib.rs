//! bilayer, a static site generator for bilingual technical textbooks.
//!
//! The modules in reading order: a book is [`load`]ed from its folder, and [`pipeline`] takes it through
//! [`parse`], [`link`] and [`render`] to the files that [`mod@write`] puts on disk. What they all speak of is in
//! [`lang`], [`source`], [`diagnostic`], [`config`] and [`output`]; [`report`] shows what was found.
//! `ARCHITECTURE.md` has the map.

pub mod cache;
pub mod config;
pub mod data;
pub mod diagnostic;
pub mod digest;
pub mod evaluate;
pub mod lang;
pub mod link;
pub mod load;
pub mod memo;
pub mod output;
pub mod parse;
pub mod pipeline;
pub mod render;
pub mod report;
pub mod serve;
pub mod source;
pub mod write;
