package io.datasetexport.read;

import io.datasetexport.model.Item;
import io.datasetexport.selection.Member;
import io.datasetexport.selection.Query;
import io.datasetexport.selection.SortKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where pages ended that were shown: the next page of the same query starts there, and need not count its way through all before it.
 *
 * <p>Only for orders by strings that every item has, all in one direction; a mark of another revision of the dataset is none.
 */
final class PageMarks {

    private static final Map<Member, Function<Item, String>> TEXTS = Map.of(
            Member.ITEM_ID, Item::id, Member.ITEM_FILENAME, Item::filename, Member.ITEM_DIR, Item::dir, Member.ITEM_NAME, Item::name);
    private static final int MOST = 1000;
    private static final int LONGEST_QUERY = 4000;

    private final Map<Key, Mark> marks = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Mark> eldest) {
            return size() > MOST;
        }
    };

    /**
     * A query on its way from page to page.
     *
     * @param query without its page
     */
    record Walk(long dataset, long revision, Query query) {

        /** Null when the query's order has no marks. */
        static @Nullable Walk of(long dataset, long revision, Query query) {
            List<SortKey> keys = query.itemOrder();
            boolean simple = keys.stream().allMatch(key -> TEXTS.containsKey(key.member()) && key.descending() == keys.getFirst().descending());
            return simple && query.json().length() <= LONGEST_QUERY ? new Walk(dataset, revision, query.withoutPage()) : null;
        }
    }

    /**
     * The rows after a page.
     *
     * @param condition SQL with a {@code ?} for each value
     */
    record Mark(String condition, List<String> values) {}

    private record Key(Walk walk, int page) {}

    /** Where the page before this one ended; null when nobody saw it. */
    synchronized @Nullable Mark before(Walk walk, int page) {
        return marks.get(new Key(walk, page));
    }

    /** Remembers the last item of a page. */
    synchronized void ended(Walk walk, int page, Item last) {
        List<SortKey> keys = walk.query().itemOrder();
        String columns = keys.stream().map(SortKey::column).collect(Collectors.joining(", ", "(", ")"));
        String values = keys.stream().map(key -> "?").collect(Collectors.joining(", ", "(", ")"));
        String after = keys.getFirst().descending() ? " < " : " > ";
        marks.put(
                new Key(walk, page + 1),
                new Mark(columns + after + values, keys.stream().map(key -> text(key.member(), last)).toList()));
    }

    private static String text(Member member, Item item) {
        return Objects.requireNonNull(TEXTS.get(member), "only such orders have marks").apply(item);
    }
}
