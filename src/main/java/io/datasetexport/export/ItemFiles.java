package io.datasetexport.export;

import io.datasetexport.access.Caller;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.format.ItemSlice;
import io.datasetexport.format.Reason;
import io.datasetexport.format.dataloop.DataloopWriter;
import io.datasetexport.format.masks.ItemMask;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.Item;
import io.datasetexport.model.Shape;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import io.datasetexport.raster.RasterBudget;
import io.datasetexport.read.AnnotatedItem;
import io.datasetexport.read.AnnotationSlices;
import io.datasetexport.read.DatasetGone;
import io.datasetexport.read.ItemVisitor;
import io.datasetexport.read.RowMemory;
import io.datasetexport.read.Snapshot;
import io.datasetexport.read.SnapshotFailed;
import io.datasetexport.read.Snapshots;
import io.datasetexport.spool.Spool;
import io.datasetexport.spool.SpoolFull;
import io.datasetexport.spool.SpoolStore;
import io.datasetexport.text.Utf8Buffer;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * Makes files of single items, with the bytes that they have in an archive.
 *
 * <p>Such a file is an export of one item, so it takes a permit and one of the exports' connections, and is refused when there is none:
 * the API's connections stay free for requests that never read more than a page. Both are given back before the first byte is sent. What
 * is larger than memory should hold waits in the spool meanwhile, so a file of any size has a length and no client keeps a transaction open.
 *
 * <p>The dataset comes from {@link io.datasetexport.access.Access}, which has checked what the caller may do.
 */
@Service
public class ItemFiles {

    private static final Logger log = LoggerFactory.getLogger(ItemFiles.class);

    private final Snapshots snapshots;
    private final ExportPermits permits;
    private final SpoolStore spool;
    private final RasterBudget rasters;
    private final ExportSettings settings;

    ItemFiles(Snapshots snapshots, ExportPermits permits, SpoolStore spool, RasterBudget rasters, ExportSettings settings) {
        this.snapshots = snapshots;
        this.permits = permits;
        this.spool = spool;
        this.rasters = rasters;
        this.settings = settings;
    }

    /** The item as the platform's JSON, without its annotations. */
    public ItemFile item(Caller caller, DatasetRef dataset, String itemId) {
        return make(caller, dataset, itemId, (snapshot, content) -> {
            AnnotatedItem found = snapshot.readItemsAlone().getFirst();
            requireReadable(found);
            Utf8Buffer json = new Utf8Buffer();
            writer(snapshot).itemAlone(found.item(), json);
            content.append(json.array(), 0, json.length());
            return new ItemFile(fileName(found.item(), ".json"), content, 0);
        });
    }

    /** The item with its annotations as Dataloop JSON: the bytes of its {@code json/} entry in an archive. */
    public ItemFile annotations(Caller caller, DatasetRef dataset, String itemId) {
        return make(caller, dataset, itemId, (snapshot, content) -> {
            JsonFile file = new JsonFile(writer(snapshot), content);
            snapshot.read(file);
            return file.whole();
        });
    }

    /**
     * The item's semantic masks as one PNG: the bytes of its {@code masks/} entry in an archive.
     *
     * @param label the label to draw, null for all
     */
    public ItemFile mask(Caller caller, DatasetRef dataset, String itemId, @Nullable String label) {
        return make(caller, dataset, itemId, (snapshot, content) -> {
            MaskFile file = new MaskFile(snapshot, label, content);
            snapshot.read(file);
            return file.whole();
        });
    }

    private interface Work {
        ItemFile in(Snapshot snapshot, Spool content) throws IOException, InterruptedException;
    }

    private ItemFile make(Caller caller, DatasetRef dataset, String itemId, Work work) {
        Spool content = new Spool(spool);
        ItemFile made = null;
        try (var _ = permits.take(caller); Snapshot snapshot = snapshots.open(dataset)) {
            if (!snapshot.chooseItems(List.of(itemId)).isEmpty()) {
                throw new RequestRefused(ProblemType.NOT_FOUND, "There is no such item.");
            }
            made = work.in(snapshot, content);
            return made;
        } catch (DatasetGone e) {
            throw new RequestRefused(ProblemType.NOT_FOUND, "There is no such dataset.");
        } catch (SpoolFull e) {
            log.warn("A file of one item of dataset {} found no room in the spool", dataset.id());
            throw new RequestRefused(ProblemType.OVERLOADED, "The service has no room left for the file; try again soon.");
        } catch (IOException e) {
            RequestRefused refusal = e instanceof SnapshotFailed failed ? failed.refusal("item") : null;
            log.warn("A file of one item of dataset {} could not be made: {}", dataset.id(), e.getMessage());
            throw refusal == null ? new RequestRefused(ProblemType.INTERNAL, "The file could not be made.") : refusal;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestRefused(ProblemType.OVERLOADED, "The service is shutting down.");
        } finally {
            if (made == null) {
                content.close();
            }
        }
    }

    private DataloopWriter writer(Snapshot snapshot) {
        return new DataloopWriter(snapshot.dataset(), settings.baseUrl());
    }

    private static String fileName(Item item, String ending) {
        String path = item.names().path();
        return path.substring(path.lastIndexOf('/') + 1) + ending;
    }

    private static void requireReadable(AnnotatedItem item) {
        if (item.itemOversized()) {
            throw new RequestRefused(
                    ProblemType.NOT_AVAILABLE, "The item's own row is larger than a row may be; exports leave it out as well.");
        }
    }

    /** One item on its way into a file, slice by slice. */
    private abstract static class OneItem implements ItemVisitor {

        @Override
        public void missingItems(List<String> ids) {
            throw new IllegalStateException("A missing item was refused");
        }

        @Override
        public void items(List<AnnotatedItem> items, RowMemory.Lease lease) throws IOException {
            try (lease) {
                begin(items.getFirst());
                slice(items.getFirst().annotations(), true, true);
            }
        }

        @Override
        public void bigItem(AnnotatedItem item, AnnotationSlices slices) throws IOException, InterruptedException {
            begin(item);
            order(slices, new AnnotationSlices.SliceVisitor() {
                private boolean first = true;

                @Override
                public void slice(List<Annotation> annotations, boolean last, RowMemory.Lease lease) throws IOException {
                    try (lease) {
                        OneItem.this.slice(annotations, first, last);
                        first = false;
                    }
                }
            });
        }

        abstract void begin(AnnotatedItem item);

        abstract void order(AnnotationSlices slices, AnnotationSlices.SliceVisitor visitor) throws IOException, InterruptedException;

        abstract void slice(List<Annotation> annotations, boolean first, boolean last) throws IOException;
    }

    private static final class JsonFile extends OneItem {

        private final DataloopWriter writer;
        private final Spool content;
        private final Utf8Buffer json = new Utf8Buffer();
        private @Nullable AnnotatedItem read;
        private @Nullable Object carry;

        JsonFile(DataloopWriter writer, Spool content) {
            this.writer = writer;
            this.content = content;
        }

        @Override
        void begin(AnnotatedItem item) {
            requireReadable(item);
            read = item;
        }

        @Override
        void order(AnnotationSlices slices, AnnotationSlices.SliceVisitor visitor) throws IOException, InterruptedException {
            slices.inSourceOrder(visitor);
        }

        @Override
        void slice(List<Annotation> annotations, boolean first, boolean last) throws IOException {
            ItemSlice slice = ItemSlice.part(item().item(), annotations, first, last, carry);
            json.clear();
            writer.item(slice, json);
            carry = slice.carry();
            content.append(json.array(), 0, json.length());
        }

        ItemFile whole() {
            return new ItemFile(fileName(item().item(), ".json"), content, item().oversized().size());
        }

        private AnnotatedItem item() {
            if (read == null) {
                throw new IllegalStateException("The chosen item was not read");
            }
            return read;
        }
    }

    private final class MaskFile extends OneItem {

        private final Snapshot snapshot;
        private final @Nullable String label;
        private final Spool content;
        private @Nullable AnnotatedItem read;
        private @Nullable ItemMask mask;

        MaskFile(Snapshot snapshot, @Nullable String label, Spool content) {
            this.snapshot = snapshot;
            this.label = label;
            this.content = content;
        }

        @Override
        void begin(AnnotatedItem item) {
            requireReadable(item);
            if (!item.item().isImage() || item.item().size() == null) {
                throw new RequestRefused(ProblemType.NOT_FOUND, "The item has no mask: it is no image, or nobody knows its size.");
            }
            read = item;
            mask = new ItemMask(snapshot.dataset().labels(), item.item(), label, rasters);
        }

        @Override
        void order(AnnotationSlices slices, AnnotationSlices.SliceVisitor visitor) throws IOException, InterruptedException {
            slices.byLabel(visitor);
        }

        @Override
        void slice(List<Annotation> annotations, boolean first, boolean last) {
            if (mask != null) {
                mask.add(annotations);
            }
        }

        ItemFile whole() throws IOException {
            if (read == null || mask == null) {
                throw new IllegalStateException("The chosen item was not read");
            }
            long leftOut = mask.leftOut().values().stream().mapToLong(Integer::longValue).sum() + oversizedMasks(read);
            byte[] png = mask.png().orElseThrow(() -> refusal(leftOut));
            content.append(png);
            return new ItemFile(fileName(read.item(), ".png"), content, leftOut);
        }

        private long oversizedMasks(AnnotatedItem item) {
            return item.oversized().stream()
                    .filter(annotation -> annotation.shape() == Shape.MASK)
                    .filter(annotation -> label == null || label.equals(annotation.labelText()))
                    .count();
        }

        private RequestRefused refusal(long leftOut) {
            String which = label == null ? "" : " of this label";
            if (leftOut == 0) {
                return new RequestRefused(ProblemType.NOT_FOUND, "The item has no semantic annotation" + which + ".", label == null ? null : "label");
            }
            boolean tooLarge = mask != null && mask.leftOut().containsKey(Reason.MASK_TOO_LARGE);
            return new RequestRefused(
                    ProblemType.NOT_AVAILABLE,
                    "None of the item's semantic annotations" + which + " can be drawn: "
                            + (tooLarge ? "they are too large." : "their size or content is wrong."))
                    .with("leftOut", leftOut);
        }
    }
}
