package io.datasetexport.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.datasetexport.model.Storage;
import io.datasetexport.spool.Spool;
import io.datasetexport.spool.SpoolStore;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The files that an archive will hold, kept as references in a spool: a million of them take no heap. */
final class FileList implements AutoCloseable {

    private final Spool references;
    private long count;

    FileList(SpoolStore store) {
        references = new Spool(store);
    }

    /** What is done with each file. */
    interface Visitor {
        void file(RenderedRun.FileEntry entry) throws IOException;
    }

    void add(RenderedRun.FileEntry entry) throws IOException {
        byte[] path = entry.path().getBytes(UTF_8);
        byte[] key = entry.file().key().getBytes(UTF_8);
        ByteBuffer reference = ByteBuffer.allocate(path.length + key.length + 4 + 4 + 8 + 8);
        reference.putInt(path.length).put(path).putInt(key.length).put(key).putLong(entry.file().bytes()).putLong(entry.file().crc32());
        references.append(reference.array());
        count++;
    }

    long count() {
        return count;
    }

    /** In the order in which they were added. */
    void forEach(Visitor visitor) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(references.open()))) {
            for (long i = 0; i < count; i++) {
                String path = new String(in.readNBytes(in.readInt()), UTF_8);
                String key = new String(in.readNBytes(in.readInt()), UTF_8);
                visitor.file(new RenderedRun.FileEntry(path, new Storage.Own(key, in.readLong(), in.readLong())));
            }
        }
    }

    @Override
    public void close() {
        references.close();
    }
}
