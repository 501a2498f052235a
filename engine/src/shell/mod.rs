//! The few programs a lab uses, and the small shell that joins them. It must not know the page.
