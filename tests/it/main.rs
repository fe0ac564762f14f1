//! Everything that is tested from outside a module, in one binary.

mod books;
mod cli;
mod commonmark;
mod diagnostics;
mod faults;
mod fixture;
mod input;
mod layout;
mod mutation;
mod random;
mod run;
mod site;
