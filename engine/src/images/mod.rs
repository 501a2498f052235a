//! One documented table of images: which pull, how long they take, which programs they model.
