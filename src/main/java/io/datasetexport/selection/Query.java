package io.datasetexport.selection;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query of the platform: which items, or which annotations, and in which order and pages.
 *
 * @param resource what is found
 * @param filter on what is found
 * @param join on the other resource: an item needs at least one annotation that meets all of it, an annotation its item
 * @param intersect what is found must meet it too
 * @param except what is found must not meet it
 * @param sort empty for the order of an export
 * @param page from 0
 * @param pageSize 0 for counts only
 * @param countTotal whether the answer holds totals
 * @param json the query as the caller wrote it
 */
public record Query(
        Resource resource,
        Filter filter,
        @Nullable Filter join,
        @Nullable Query intersect,
        @Nullable Query except,
        List<SortKey> sort,
        int page,
        int pageSize,
        boolean countTotal,
        String json) {

    public static final int LARGEST_PAGE = 1000;

    private static final Filter VISIBLE = new Filter.Equal(new Field.Column(Member.ITEM_HIDDEN), new Value.Flag(false));
    private static final Filter FILES = new Filter.Equal(new Field.Column(Member.ITEM_TYPE), new Value.Text("file"));

    public Query {
        sort = List.copyOf(sort);
    }

    /** Every item that isn't hidden and is a file: what "the entire dataset" means. */
    public static Query wholeDataset() {
        return new Query(Resource.ITEMS, Filter.EVERYTHING, null, null, null, List.of(), 0, LARGEST_PAGE, true, "{\"filter\":{}}");
    }

    /** The filter with what goes without saying: items are files and not hidden, unless the filter itself names that member. */
    Filter withDefaults() {
        if (resource == Resource.ANNOTATIONS) {
            return filter;
        }
        List<Filter> parts = new ArrayList<>();
        if (!filter.names(Member.ITEM_HIDDEN)) {
            parts.add(VISIBLE);
        }
        if (!filter.names(Member.ITEM_TYPE)) {
            parts.add(FILES);
        }
        parts.add(filter);
        return new Filter.And(parts);
    }

    /** A query for items: its whole order, in which no two items are equal. */
    public List<SortKey> itemOrder() {
        List<SortKey> order = new ArrayList<>(sort);
        if (order.isEmpty()) {
            order.add(new SortKey(Member.ITEM_FILENAME, false));
        }
        if (order.stream().noneMatch(key -> key.member() == Member.ITEM_ID)) {
            order.add(new SortKey(Member.ITEM_ID, false));
        }
        return order;
    }

    /** The same query whatever its page, and however it was spelled. */
    public Query withoutPage() {
        return new Query(resource, filter, join, intersect, except, sort, 0, pageSize, false, "");
    }

    /** Whether it asks for more than {@link #wholeDataset()} does. */
    public boolean selects() {
        return join != null || intersect != null || except != null || !filter.equals(Filter.EVERYTHING);
    }
}
