//! The headless runner: a script in, a transcript and a trace out. It must not know the page.
