package io.datasetexport.format;

import java.util.List;

/**
 * An entry that grows with every item, such as {@code coco.json}: its sections one after the other, then its tail.
 *
 * @param path the entry's name in the archive
 * @param sections each collects elements while the items pass
 * @param tail UTF-8 text after the last section
 * @param effort what compressing it may cost
 */
public record LongEntry(String path, List<Section> sections, byte[] tail, Effort effort) {

    /** What is gained by compressing: time or space. */
    public enum Effort {
        /** Twice as fast, and a tenth larger. */
        FAST,
        SMALL
    }

    public LongEntry {
        sections = List.copyOf(sections);
    }

    public LongEntry(String path, List<Section> sections, byte[] tail) {
        this(path, sections, tail, Effort.FAST);
    }

    /** A run of elements inside a long entry. */
    public static final class Section {
        private final byte[] head;
        private final byte[] separator;

        /**
         * @param head UTF-8 text before the first element
         * @param separator UTF-8 text between two elements, empty for none
         */
        public Section(byte[] head, byte[] separator) {
            this.head = head;
            this.separator = separator;
        }

        public byte[] head() {
            return head;
        }

        public byte[] separator() {
            return separator;
        }
    }
}
