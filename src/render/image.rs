//! Images: their size is given, so that a page does not jump, and they load when they are near.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::html::attribute;

/// An image whose description is still being read.
pub struct Image {
    /// The link to the file.
    pub src: String,
    /// Words shown beside the pointer; may be empty.
    pub title: String,
    /// Width and height in pixels, where they are known.
    pub size: Option<(usize, usize)>,
    /// The description, as far as it is read.
    pub alt: String,
    /// How many images are open within the description: they become part of it.
    pub depth: usize,
}

impl Image {
    /// Adds an event of the description: its text, without markup.
    pub fn describe(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(Tag::Image { .. }) => self.depth += 1,
            Event::End(TagEnd::Image) => self.depth = self.depth.saturating_sub(1),
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.alt.push_str(text);
            }
            Event::SoftBreak | Event::HardBreak => self.alt.push(' '),
            _ => {}
        }
    }

    /// The HTML of the image.
    pub fn html(&self) -> String {
        let size = match self.size {
            Some((width, height)) => format!(" width=\"{width}\" height=\"{height}\""),
            None => String::new(),
        };
        let title = match self.title.as_str() {
            "" => String::new(),
            title => format!(" title=\"{}\"", attribute(title)),
        };
        let (src, alt) = (attribute(&self.src), attribute(&self.alt));
        format!("<img src=\"{src}\" alt=\"{alt}\"{title}{size} loading=\"lazy\" decoding=\"async\">")
    }
}
