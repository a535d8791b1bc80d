package io.datasetexport.pipeline;

import io.datasetexport.format.ExportFormat;
import io.datasetexport.format.Reason;
import java.util.EnumMap;
import java.util.Map;

/** What went into an archive and what did not, by format: counted run by run, then added up. */
public final class Tally {

    private long items;
    private long annotations;
    private final Map<ExportFormat, FormatTally> formats = new EnumMap<>(ExportFormat.class);

    /** Counts of one format. */
    public static final class FormatTally {
        long items;
        long annotations;
        final Map<Reason, Long> leftOut = new EnumMap<>(Reason.class);
        final Map<Reason, Long> changed = new EnumMap<>(Reason.class);

        public long items() {
            return items;
        }

        public long annotations() {
            return annotations;
        }

        /** Things left out by reason: annotations, or whole items. */
        public Map<Reason, Long> leftOut() {
            return leftOut;
        }

        /** Annotations that lost something, by reason. */
        public Map<Reason, Long> changed() {
            return changed;
        }
    }

    /** Items that the export's scope holds. */
    public long items() {
        return items;
    }

    /** Annotations of those items. */
    public long annotations() {
        return annotations;
    }

    public FormatTally of(ExportFormat format) {
        return formats.computeIfAbsent(format, any -> new FormatTally());
    }

    void count(int moreItems, int moreAnnotations) {
        items += moreItems;
        annotations += moreAnnotations;
    }

    void add(Tally other) {
        items += other.items;
        annotations += other.annotations;
        other.formats.forEach((format, counts) -> {
            FormatTally sum = of(format);
            sum.items += counts.items;
            sum.annotations += counts.annotations;
            counts.leftOut.forEach((reason, count) -> sum.leftOut.merge(reason, count, Long::sum));
            counts.changed.forEach((reason, count) -> sum.changed.merge(reason, count, Long::sum));
        });
    }
}
