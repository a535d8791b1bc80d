package io.datasetexport.content;

import io.datasetexport.access.DatasetRef;
import io.datasetexport.blob.Blob;
import io.datasetexport.blob.BlobKeys;
import io.datasetexport.blob.BlobStore;
import io.datasetexport.model.SafeNames;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The files of items, one at a time.
 *
 * <p>The dataset comes from {@link io.datasetexport.access.Access}, which has checked what the caller may do.
 */
@Service
public class ItemContents {

    /** What a file says of itself: media type, bytes, width, height, channels and orientation; each may be null. */
    static final String FACTS =
            """
            jsonb_strip_nulls(jsonb_build_object('mimetype', %s, 'size', %s, 'width', %s, 'height', %s, 'channels', %s,
              'exif', jsonb_strip_nulls(jsonb_build_object('Orientation', %s))))""";

    /** The item's metadata with what its file says: what the item says of its file wins over that. */
    static final String MERGED =
            """
            case when coalesce(jsonb_typeof(i.metadata -> 'system'), 'object') <> 'object' then i.metadata
              else i.metadata || jsonb_build_object('system',
                case when f.facts -> 'exif' = '{}' then f.facts - 'exif' else f.facts end || coalesce(i.metadata -> 'system', '{}')
                || case when jsonb_typeof(i.metadata #> '{system,exif}') = 'object'
                     then jsonb_build_object('exif', (f.facts -> 'exif') || (i.metadata #> '{system,exif}')) else '{}' end) end""";

    private static final String ATTACH =
            """
            update item i set storage = 'own', storage_key = :key, content_bytes = :bytes, content_crc32 = :crc32, content_sha256 = :sha256,
              metadata = %s
            from (select %s as facts) f
            where i.dataset_key = :dataset and i.id = :item"""
                    .formatted(
                            MERGED,
                            FACTS.formatted(
                                    ":mediaType::text",
                                    ":bytes::bigint",
                                    ":width::integer",
                                    ":height::integer",
                                    ":channels::integer",
                                    ":orientation::integer"));

    private final JdbcClient database;
    private final TransactionTemplate transaction;
    private final BlobStore store;

    public ItemContents(JdbcClient database, TransactionTemplate transaction, BlobStore store) {
        this.database = database;
        this.transaction = transaction;
        this.store = store;
    }

    /**
     * What an upload stored.
     *
     * @param sha256 in lower-case hexadecimal digits
     */
    public record Uploaded(String id, long bytes, String sha256) {}

    /**
     * Stores an item's file, in place of the one that it had. Where the item does not say its size, media type or rotation, the file does.
     *
     * @param mediaType what the sender calls the file; used where neither the item nor a picture's first bytes tell
     * @throws RequestRefused when there is no such item, or its file is not for the service to keep
     * @throws IOException when {@code content} can't be read to its end; nothing has changed then
     */
    public Uploaded upload(DatasetRef dataset, String itemId, @Nullable String mediaType, InputStream content) throws IOException {
        String storage = database.sql("select storage from item where dataset_key = ? and id = ?")
                .params(dataset.key(), itemId)
                .query(String.class)
                .optional()
                .orElseThrow(ItemContents::noSuchItem);
        if (storage.equals("external")) {
            throw new RequestRefused(ProblemType.EXTERNAL_ITEMS, "The item's file is with the customer; the service keeps no other one.");
        }
        Kept file = keep(content);
        transaction.executeWithoutResult(_ -> attach(dataset, itemId, file.blob, file.facts, mediaType));
        return new Uploaded(itemId, file.blob.bytes(), HexFormat.of().formatHex(file.blob.sha256()));
    }

    /** A file that was stored and is no item's yet. */
    record Kept(Blob blob, PictureFacts facts) {}

    /** Stores a file; until an item has it, it stays on the list of what to delete. */
    Kept keep(InputStream content) throws IOException {
        String key = BlobKeys.fresh();
        // Before the first byte is stored: what a crash leaves is on the list.
        database.sql("insert into unused_blob (storage_key) values (?)").param(key).update();
        BufferedInputStream in = new BufferedInputStream(content, PictureFacts.HEAD);
        in.mark(PictureFacts.HEAD);
        PictureFacts facts = PictureFacts.of(in.readNBytes(PictureFacts.HEAD));
        in.reset();
        return new Kept(store.store(key, in), facts);
    }

    private void attach(DatasetRef dataset, String itemId, Blob blob, PictureFacts facts, @Nullable String mediaType) {
        int attached = database.sql(ATTACH)
                .param("key", blob.key())
                .param("bytes", blob.bytes())
                .param("crc32", blob.crc32())
                .param("sha256", blob.sha256())
                .param("mediaType", facts.mediaType() == null ? mediaType : facts.mediaType())
                .param("width", facts.width())
                .param("height", facts.height())
                .param("channels", facts.channels())
                .param("orientation", facts.orientation())
                .param("dataset", dataset.key())
                .param("item", itemId)
                .update();
        if (attached == 0) {
            throw noSuchItem();
        }
        database.sql("delete from unused_blob where storage_key = ?").param(blob.key()).update();
    }

    /**
     * The file of an item.
     *
     * @throws RequestRefused when there is no such item, its file was never uploaded, or it is with the customer
     */
    public StoredContent find(DatasetRef dataset, String itemId) {
        return database.sql("select storage, storage_key, content_bytes, content_crc32, content_sha256, mimetype, flat_name, filename, name"
                + " from item where dataset_key = ? and id = ?")
                .params(dataset.key(), itemId)
                .query((row, _) -> {
                    switch (row.getString(1)) {
                        case "external" -> throw new RequestRefused(
                                ProblemType.EXTERNAL_ITEMS, "The item's file is with the customer; the service does not fetch it.");
                        case "none" -> throw new RequestRefused(ProblemType.NOT_FOUND, "The item has no file yet: nobody has uploaded it.");
                        default -> {
                            String name = row.getString(7);
                            return new StoredContent(
                                    name != null ? name : SafeNames.provisional(row.getString(8), row.getString(9), itemId).flat(),
                                    row.getString(6),
                                    row.getLong(3),
                                    HexFormat.of().formatHex(Objects.requireNonNull(row.getBytes(5))),
                                    Objects.requireNonNull(row.getString(2)),
                                    row.getLong(4),
                                    store);
                        }
                    }
                })
                .optional()
                .orElseThrow(ItemContents::noSuchItem);
    }

    /** The ids of those of the items whose file was never uploaded. */
    public Set<String> withoutFile(DatasetRef dataset, Collection<String> itemIds) {
        return database.sql("select id from item where dataset_key = ? and id = any (?) and storage = 'none'")
                .params(dataset.key(), itemIds.toArray(String[]::new))
                .query(String.class)
                .set();
    }

    private static RequestRefused noSuchItem() {
        return new RequestRefused(ProblemType.NOT_FOUND, "There is no such item.");
    }
}
