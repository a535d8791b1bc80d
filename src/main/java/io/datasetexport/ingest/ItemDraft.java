package io.datasetexport.ingest;

import io.datasetexport.model.EntryNames;
import io.datasetexport.model.SafeNames;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An item as it was read, before the database was asked whether it is there. Fields are those of the table {@code item}. */
final class ItemDraft {

    private static final byte[] EMPTY_OBJECT = {'{', '}'};

    /** Number of the record in the body, or in its file of an archive, from 1. */
    final long record;
    /** Where it stands: a JSON pointer, or the name of an archive's entry. */
    final String place;

    @Nullable String id;
    @Nullable String filename;
    @Nullable String dir;
    @Nullable String name;
    @Nullable String type;
    boolean hidden;
    byte @Nullable [] annotated;
    @Nullable Integer annotationsCount;
    @Nullable String creator;
    @Nullable Long createdAt;
    @Nullable String updatedBy;
    @Nullable Long updatedAt;
    @Nullable String description;
    byte[] metadata = EMPTY_OBJECT;
    byte @Nullable [] extra;
    /** Whether its file is elsewhere. */
    boolean link;
    int annotations;

    /** The item's key; below 0 until the database was asked. */
    long key = -1;
    boolean replaces;
    /** The names that it gets if no other item has them, and their keys by {@link NameSpace}; null until its filename is known. */
    private @Nullable Natural natural;

    ItemDraft(long record, String place) {
        this.record = record;
        this.place = place;
    }

    record Natural(EntryNames names, List<String> keys) {}

    /** Made once, by the reader where it can: meanwhile the database is busy with the batch before. */
    Natural natural() {
        Natural made = natural;
        if (made == null) {
            EntryNames names = SafeNames.of(knownFilename(), name == null ? "" : name);
            made = new Natural(names, List.of(SafeNames.key(names.path()), SafeNames.key(names.stem()), SafeNames.key(names.flat())));
            natural = made;
        }
        return made;
    }

    /** What was asked of {@link #id} once the database was asked. */
    String knownId() {
        return known(id);
    }

    String knownFilename() {
        return known(filename);
    }

    String base() {
        String path = knownFilename();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    String directory() {
        String path = knownFilename();
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    private static String known(@Nullable String value) {
        if (value == null) {
            throw new IllegalStateException("The item was not matched yet");
        }
        return value;
    }
}
