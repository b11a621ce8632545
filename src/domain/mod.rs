//! Floor 1: pure; no files, no threads, no tensors.
