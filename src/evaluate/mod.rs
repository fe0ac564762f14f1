//! Worked examples: what `content/examples/` holds, computed and judged.
//!
//! [`read`](read::read) takes the text of one file to an [`Example`](example::Example); [`worked`]
//! checks its names and units, computes it, and judges its claims. Constants and units come from outside; no
//! example knows another, but for the calculation that a question is about. What a page shows of it is for
//! `render`.

pub mod calc;
pub mod check;
pub mod claims;
pub mod code;
pub mod desk;
pub mod example;
pub mod expression;
mod finite;
pub mod format;
pub mod gather;
pub mod literal;
pub mod math;
pub mod model;
pub mod quiz;
pub mod read;
pub mod reference;
pub mod sample;
pub mod show;
pub mod trace;
pub mod unit;
pub mod worked;
