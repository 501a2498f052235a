//! argv -> request -> text, as kubectl 1.36 prints it. It must not know the page.
