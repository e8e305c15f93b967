"""Images in HTML and Markdown pages: what stands around them, and pages with only alt changed."""
