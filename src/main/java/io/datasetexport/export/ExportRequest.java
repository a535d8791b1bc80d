package io.datasetexport.export;

import io.datasetexport.format.ExportFormat;
import io.datasetexport.model.CodePoints;
import io.datasetexport.model.SafeNames;
import io.datasetexport.selection.Query;
import io.datasetexport.text.Utf8Buffer;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one export shall hold, complete: every default is filled in.
 *
 * <p>{@link #canonicalJson()} is the same text for requests that ask for the same archive, however they were spelled.
 *
 * @param scope which items
 * @param include what the archive holds, in the order in which it holds it; never empty
 * @param annotationsQuery which annotations of those items; null for all
 * @param filename what the caller wants the download to be called, with or without {@code .zip}; no part of the archive
 */
public record ExportRequest(
        Scope scope,
        Set<ExportFormat> include,
        @Nullable Query annotationsQuery,
        @Nullable String filename,
        Profile profile,
        Options options) {

    public ExportRequest {
        include = Collections.unmodifiableSet(EnumSet.copyOf(include));
    }

    /** A dataset, whole, with everything else by default. */
    public static ExportRequest wholeDataset(Set<ExportFormat> include) {
        return new ExportRequest(new WholeDataset(), include, null, null, Profile.PLATFORM, Options.DEFAULT);
    }

    /** Which items of a dataset. */
    public sealed interface Scope {}

    public record WholeDataset() implements Scope {}

    /**
     * Items by id.
     *
     * @param itemIds without repetition, in code-point order
     * @param requested how many were named, repetitions included
     */
    public record SelectedItems(List<String> itemIds, int requested) implements Scope {
        public SelectedItems {
            itemIds = List.copyOf(itemIds);
        }
    }

    public record Matching(Query query) implements Scope {}

    /** For whom the bytes are made. */
    public enum Profile {
        /** As the platform writes them. */
        PLATFORM,
        /** As trainers load them. */
        TRAINER
    }

    /**
     * How a format spells things.
     *
     * @param unavailable what an item file that can't be fetched does
     * @param missing what an item id that is not there does
     * @param jsonLayout how items' JSON is laid out
     * @param yoloVideo whether items that are videos get a line of YOLO for each frame of each box
     * @param cocoKeypoints whether COCO holds poses
     * @param maskPolygons whether masks show polygons too
     */
    public record Options(
            Naming naming,
            Flatten flatten,
            Absent unavailable,
            Absent missing,
            ClassNumbers classes,
            JsonLayout jsonLayout,
            YoloTask yoloTask,
            boolean yoloVideo,
            CocoPolygons cocoPolygons,
            boolean cocoKeypoints,
            boolean maskPolygons) {

        public static final Options DEFAULT = new Options(
                Naming.V2, Flatten.ITEMS, Absent.FAIL, Absent.FAIL, new Pinned(), JsonLayout.FILES, YoloTask.DETECT, false, CocoPolygons.LIST, false,
                false);
    }

    /** The name of an item's JSON: {@code V2} keeps the file's extension ({@code a.jpg.json}). */
    public enum Naming {
        V1,
        V2
    }

    /** Which entries lose the dataset's directories. */
    public enum Flatten {
        ITEMS,
        ALL,
        NONE
    }

    /** What something that isn't there does to an export. */
    public enum Absent {
        FAIL,
        REPORT
    }

    /** An entry for each item, or one entry with a line for each. */
    public enum JsonLayout {
        FILES,
        LINES
    }

    public enum YoloTask {
        DETECT,
        SEGMENT
    }

    public enum CocoPolygons {
        LIST,
        RLE
    }

    /** Where class numbers come from. */
    public sealed interface ClassNumbers {}

    /** The labels' own numbers. */
    public record Pinned() implements ClassNumbers {}

    /** 0.. by code point over the labels in force. */
    public record Sorted() implements ClassNumbers {}

    /** @param byLabel number by full dotted path, in code-point order of the paths */
    public record Given(SortedMap<String, Integer> byLabel) implements ClassNumbers {
        public Given(Map<String, Integer> byLabel) {
            this(sorted(byLabel));
        }

        private static SortedMap<String, Integer> sorted(Map<String, Integer> byLabel) {
            SortedMap<String, Integer> sorted = new TreeMap<>(CodePoints.ORDER);
            sorted.putAll(byLabel);
            return Collections.unmodifiableSortedMap(sorted);
        }
    }

    /** Whether the archive's length is known before the first byte is sent, so that any part of it can be. */
    public boolean measurable() {
        return include.equals(EnumSet.of(ExportFormat.ITEMS));
    }

    /** The request in one spelling: fixed order, defaults filled in, what does not change the archive left out. */
    public String canonicalJson() {
        Utf8Buffer json = new Utf8Buffer(256);
        json.append("{\"scope\":{\"type\":");
        switch (scope) {
            case WholeDataset _ -> json.append("\"dataset\"");
            case SelectedItems(var itemIds, var requested) -> {
                json.append("\"items\",\"itemIds\":[");
                for (int i = 0; i < itemIds.size(); i++) {
                    json.append(i == 0 ? "" : ",").appendJsonString(itemIds.get(i));
                }
                json.append("],\"requested\":").append(requested);
            }
            case Matching(var query) -> json.append("\"query\",\"query\":").append(query.json());
        }
        json.append("},\"include\":[\"")
                .append(include.stream().map(ExportFormat::id).collect(Collectors.joining("\",\"")))
                .append("\"]");
        if (annotationsQuery != null) {
            json.append(",\"annotationsQuery\":").append(annotationsQuery.json());
        }
        json.append(",\"profile\":\"").append(id(profile)).append("\",\"options\":{\"naming\":\"").append(id(options.naming));
        json.append("\",\"flatten\":\"").append(id(options.flatten));
        json.append("\",\"unavailable\":\"").append(id(options.unavailable));
        json.append("\",\"missing\":\"").append(id(options.missing)).append("\",\"classes\":");
        switch (options.classes) {
            case Pinned _ -> json.append("\"pinned\"");
            case Sorted _ -> json.append("\"sorted\"");
            case Given(var byLabel) -> {
                String separator = "{";
                for (var number : byLabel.entrySet()) {
                    json.append(separator).appendJsonString(number.getKey()).append(':').append(number.getValue());
                    separator = ",";
                }
                json.append("}");
            }
        }
        json.append(",\"json\":{\"layout\":\"").append(id(options.jsonLayout));
        json.append("\"},\"yolo\":{\"task\":\"").append(id(options.yoloTask));
        json.append("\",\"video\":").append(Boolean.toString(options.yoloVideo));
        json.append("},\"coco\":{\"polygons\":\"").append(id(options.cocoPolygons));
        json.append("\",\"keypoints\":").append(Boolean.toString(options.cocoKeypoints)).append("},\"voc\":{},\"masks\":{\"polygons\":")
                .append(Boolean.toString(options.maskPolygons)).append("}}}");
        return json.toString();
    }

    /** The name of the download: the caller's, or {@code <dataset name>-<includes>-r<revision>.zip}. Not escaped for a header. */
    public String archiveName(String datasetName, long revision) {
        if (filename != null) {
            return filename.toLowerCase(Locale.ROOT).endsWith(".zip") ? filename : filename + ".zip";
        }
        String tail = include.stream().map(ExportFormat::id).collect(Collectors.joining("-", "-", "-r" + revision + ".zip"));
        return SafeNames.segment(datasetName) + tail;
    }

    static String id(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
