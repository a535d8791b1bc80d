package io.datasetexport.selection;

/**
 * How large a query may be.
 *
 * @param depth objects inside objects of one filter, and queries inside queries
 * @param nodes conditions and operators of the whole query
 * @param values in one list
 */
public record QueryLimits(int depth, int nodes, int values) {}
