package io.datasetexport.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.datasetexport.format.FormatWriter;
import io.datasetexport.format.LongEntry;
import io.datasetexport.model.AnnotationParts;
import io.datasetexport.spool.SpoolStore;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The writers of an export and the sections that its entries are made of, numbered. */
final class Layout {

    /** One line for each item. */
    static final LongEntry.Section ITEM_LINES =
            new LongEntry.Section("item_id,path,json,mask,file,yolo,voc\r\n".getBytes(UTF_8), new byte[0]);

    /** One line for each thing left out or changed. */
    static final LongEntry.Section SKIPPED_LINES = new LongEntry.Section(new byte[0], new byte[0]);

    final List<FormatWriter> writers;
    final SpoolStore store;
    final DocumentKeeper keeper;
    final List<LongEntry> longEntries = new ArrayList<>();
    private final List<LongEntry.Section> sections = new ArrayList<>();
    private final Map<LongEntry.Section, Integer> indexes = new IdentityHashMap<>();

    /**
     * @param store takes what is too large for memory
     * @param keeper is given the entries that may be copied
     */
    Layout(List<FormatWriter> writers, SpoolStore store, DocumentKeeper keeper) {
        this.writers = List.copyOf(writers);
        this.store = store;
        this.keeper = keeper;
        for (FormatWriter writer : writers) {
            longEntries.addAll(writer.longEntries());
        }
        longEntries.add(new LongEntry("_export/items.csv", List.of(ITEM_LINES), new byte[0]));
        longEntries.add(new LongEntry("_export/skipped.ndjson", List.of(SKIPPED_LINES), new byte[0]));
        for (LongEntry entry : longEntries) {
            for (LongEntry.Section section : entry.sections()) {
                indexes.put(section, sections.size());
                sections.add(section);
            }
        }
    }

    /** What the writers read of annotations. */
    AnnotationParts reads() {
        return writers.stream().map(FormatWriter::reads).reduce(AnnotationParts.NONE, AnnotationParts::plus);
    }

    List<LongEntry.Section> sections() {
        return sections;
    }

    int indexOf(LongEntry.Section section) {
        Integer index = indexes.get(section);
        if (index == null) {
            throw new IllegalArgumentException("The section belongs to no long entry of a writer");
        }
        return index;
    }
}
