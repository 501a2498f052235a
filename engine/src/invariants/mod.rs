//! What must always hold, a file each, run after every event in tests.
