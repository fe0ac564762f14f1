//! Everything that is tested from outside a module, in one binary.

mod books;
#[cfg(unix)]
mod browser;
mod cache;
mod cli;
mod commonmark;
mod diagnostics;
mod examples;
mod faults;
mod fixture;
mod input;
mod layout;
#[cfg(unix)]
mod live;
mod mutation;
#[cfg(unix)]
mod preview;
mod random;
mod run;
mod site;
mod warm;
