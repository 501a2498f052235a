//! Version, gates, pace, domain, cache and limits in one place.
