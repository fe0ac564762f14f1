//! The preview from the author's side: the real command over a real folder, watched from outside.
//!
//! Files are saved as editors save them, pages are open in a browser as the author has them open, and what is asked
//! of the server goes over sockets. Nothing here waits for a fixed time but where nothing is to happen.

mod book;
mod client;
mod command;
mod tab;

mod clicks;
mod hostile;
mod kills;
mod law;
mod mistakes;
mod pages;
mod saving;
mod theme;
mod unseen;
mod ways;
