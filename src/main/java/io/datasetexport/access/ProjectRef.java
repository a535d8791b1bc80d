package io.datasetexport.access;

/** A project that a caller was allowed to touch. */
public record ProjectRef(long key, String id) {}
