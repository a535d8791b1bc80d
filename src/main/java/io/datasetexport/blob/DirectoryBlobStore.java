package io.datasetexport.blob;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * Blobs as files: {@code <root>/<first two digits of the key>/<key>}. A file gets its name when its bytes are on the disk.
 *
 * <p>Only plain files in plain folders are read: a link could lead anywhere, and a pipe would be waited for without end.
 */
public final class DirectoryBlobStore implements BlobStore {

    private final Path root;

    /** @throws UncheckedIOException when the folder can't be made */
    public DirectoryBlobStore(Path root) {
        try {
            this.root = Files.createDirectories(root).toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException("The folder of the item files can't be made", e);
        }
    }

    @Override
    public Blob store(String key, InputStream content) throws IOException {
        Path folder = Files.createDirectories(folder(key));
        Path file = folder.resolve(key);
        Path unfinished = file.resolveSibling(key + ".unfinished");
        Digest digest = new Digest(content);
        long bytes;
        try {
            try (FileChannel channel =
                    FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                digest.content().transferTo(Channels.newOutputStream(channel));
                bytes = channel.size();
                channel.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        return digest.blob(key, bytes);
    }

    @Override
    public InputStream open(String key, long from) throws IOException {
        Path folder = folder(key);
        Path file = folder.resolve(key);
        try {
            if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isRegularFile()
                    || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new BlobBroken(key, "is no plain file");
            }
            FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
            channel.position(from);
            return Channels.newInputStream(channel);
        } catch (NoSuchFileException e) {
            throw new BlobBroken(key, "is gone", e);
        } catch (BlobBroken e) {
            throw e;
        } catch (IOException e) {
            throw new BlobBroken(key, "can't be read", e);
        }
    }

    @Override
    public void delete(String key) throws IOException {
        try {
            Files.deleteIfExists(folder(key).resolve(key));
        } catch (BlobBroken e) {
            throw e;
        } catch (IOException e) {
            throw new BlobBroken(key, "can't be deleted", e);
        }
    }

    private Path folder(String key) throws BlobBroken {
        return root.resolve(BlobKeys.require(key).substring(0, 2));
    }
}
