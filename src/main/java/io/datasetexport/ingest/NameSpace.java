package io.datasetexport.ingest;

import io.datasetexport.model.EntryNames;
import io.datasetexport.model.SafeNames;

/** The three sets of names in which an item's must be unique. */
enum NameSpace {
    PATH {
        @Override
        String natural(EntryNames names) {
            return names.path();
        }

        @Override
        String candidate(EntryNames names, int number) {
            return number == 0 ? names.path() : SafeNames.numbered(names.path(), number + 1);
        }
    },
    STEM {
        @Override
        String natural(EntryNames names) {
            return names.stem();
        }

        @Override
        int ownCandidates() {
            return 2;
        }

        @Override
        String numbering(EntryNames names) {
            return names.path();
        }

        @Override
        String candidate(EntryNames names, int number) {
            return switch (number) {
                case 0 -> names.stem();
                case 1 -> names.path();
                default -> SafeNames.numbered(names.path(), number);
            };
        }
    },
    FLAT {
        @Override
        String natural(EntryNames names) {
            return names.flat();
        }

        @Override
        String candidate(EntryNames names, int number) {
            return number == 0 ? names.flat() : SafeNames.numberedFlat(names.flat(), number);
        }
    };

    private static final NameSpace[] ALL = values();

    static NameSpace of(int ordinal) {
        return ALL[ordinal];
    }

    abstract String natural(EntryNames names);

    /** How many names an item tries for itself before it takes a number. */
    int ownCandidates() {
        return 1;
    }

    /** The name to which numbers are added. */
    String numbering(EntryNames names) {
        return natural(names);
    }

    /** The names to try, one after the other, from number 0, the natural one. */
    abstract String candidate(EntryNames names, int number);

    /** Whether the archive itself has a file of that name. */
    boolean isOwn(String key) {
        return this == STEM && key.equals(SafeNames.OWN_STEM);
    }
}
