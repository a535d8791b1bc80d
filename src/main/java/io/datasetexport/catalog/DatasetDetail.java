package io.datasetexport.catalog;

import io.datasetexport.model.DatasetFacts;

/** A dataset with its labels and what it holds, as one snapshot saw it. */
public record DatasetDetail(DatasetLine line, DatasetFacts facts, long items, long annotations) {}
