//! The two tables of a collection: `labels.csv` and `train.csv`, bytes in and bytes out.
