//! A protocol, worked.
use super::desk::Desk;
use super::example::Trace;
/// A worked protocol.
#[derive(Clone, Debug)]
pub struct Worked;
/// Works it.
pub fn work(_: &Trace, _: &mut Desk<'_>) -> Worked {
    Worked
}
