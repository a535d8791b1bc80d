package io.datasetexport.format.items;

import io.datasetexport.format.ExportFormat;
import io.datasetexport.format.FormatOutput;
import io.datasetexport.format.FormatWriter;
import io.datasetexport.format.ItemFacts;
import io.datasetexport.format.ItemSlice;
import io.datasetexport.format.LongEntry;
import io.datasetexport.format.Reason;
import io.datasetexport.model.AnnotationParts;
import io.datasetexport.model.Item;
import io.datasetexport.model.Storage;
import io.datasetexport.text.Utf8Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Adds each item's file, and lists the external ones. */
public final class ItemFilesWriter implements FormatWriter {

    private static final JsonMapper JSON = new JsonMapper();

    private final boolean tree;
    private final LongEntry.Section media = new LongEntry.Section(new byte[0], new byte[0]);

    /** @param tree whether files keep the dataset's folders */
    public ItemFilesWriter(boolean tree) {
        this.tree = tree;
    }

    @Override
    public ExportFormat format() {
        return ExportFormat.ITEMS;
    }

    @Override
    public AnnotationParts reads() {
        return AnnotationParts.NONE;
    }

    @Override
    public List<LongEntry> longEntries() {
        return List.of(new LongEntry("_export/media.ndjson", List.of(media), new byte[0]));
    }

    @Override
    public @Nullable Reason leftOut(ItemFacts item) {
        return item.noFile();
    }

    @Override
    public boolean holdsAnnotations() {
        return false;
    }

    @Override
    public boolean holdsEmptyItems() {
        return true;
    }

    /** Beside the file itself. */
    @Override
    public Weight weight() {
        return new Weight(200, 0, 0);
    }

    @Override
    public void item(ItemSlice slice, FormatOutput out) {
        if (!slice.last()) {
            return;
        }
        Item item = slice.item();
        Reason noFile = leftOut(ItemFacts.of(item));
        if (noFile != null) {
            out.leftOut(noFile, item, null);
        }
        switch (item.storage()) {
            case Storage.Own file -> {
                out.file("items/" + (tree ? item.names().path() : item.names().flat()), file);
                out.countItem();
            }
            case Storage.External(String reference) -> list(item, reference == null ? ownWords(item) : reference, out);
            case Storage.None _ -> {}
        }
    }

    private void list(Item item, @Nullable String reference, FormatOutput out) {
        Utf8Buffer line = out.element(media);
        line.append("{\"item\":").appendJsonString(item.id()).append(",\"path\":").appendJsonString(item.filename());
        line.append(",\"reference\":");
        (reference == null ? line.append("null") : line.appendJsonString(reference)).append("}\n");
    }

    /** Where a link item says that its file is (spec 1.4), else its {@code stream} or {@code url}. */
    private static @Nullable String ownWords(Item item) {
        String link = text(read(item.metadata()).at("/system/shebang/linkInfo/ref"));
        if (link != null || item.extra() == null) {
            return link;
        }
        JsonNode extra = read(item.extra());
        String stream = text(extra.path("stream"));
        return stream == null ? text(extra.path("url")) : stream;
    }

    private static JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (JacksonException e) {
            throw new IllegalStateException("PostgreSQL gave JSON that is none", e);
        }
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() ? node.asString() : null;
    }
}
