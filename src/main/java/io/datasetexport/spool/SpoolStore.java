package io.datasetexport.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The directory of all spool files, and the quota that they share.
 *
 * <p>Files belong to the process that made them: they are readable by its user only, and what a killed process left behind is deleted
 * when the next one starts.
 */
public final class SpoolStore {

    private static final String PREFIX = "spool-";

    private final Path directory;
    private final long quota;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong names = new AtomicLong();
    private final Object freed = new Object();

    /**
     * @param directory created when missing; it belongs to this store alone
     * @param quota most bytes on disk at one time
     * @throws UncheckedIOException when the directory can't be made or cleaned
     */
    public SpoolStore(Path directory, long quota) {
        this.directory = directory;
        this.quota = quota;
        try {
            Files.createDirectories(directory);
            try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, PREFIX + "*")) {
                for (Path file : left) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The spool directory can't be used", e);
        }
    }

    /** Bytes on disk now. */
    public long used() {
        return used.get();
    }

    public long quota() {
        return quota;
    }

    boolean reserve(long bytes) {
        if (used.addAndGet(bytes) > quota) {
            release(bytes);
            return false;
        }
        return true;
    }

    void release(long bytes) {
        used.addAndGet(-bytes);
        synchronized (freed) {
            freed.notifyAll();
        }
    }

    /** Waits until something was released, or for {@code millis}. */
    void awaitRelease(long millis) throws InterruptedException {
        synchronized (freed) {
            freed.wait(millis);
        }
    }

    SpoolFile create() throws IOException {
        Path file = directory.resolve(PREFIX + names.incrementAndGet());
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                ownerOnly());
        return new SpoolFile(file, channel);
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
    }

    record SpoolFile(Path path, FileChannel channel) {
        void delete() {
            try (channel) {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                throw new UncheckedIOException("A spool file can't be deleted", e);
            }
        }
    }
}
