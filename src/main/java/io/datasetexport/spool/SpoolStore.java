package io.datasetexport.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The directory of all spool files, and the quota that they share.
 *
 * <p>Each process has a folder of its own in it, readable by its user only, and holds a lock on it; the folders of processes that are no
 * more are deleted when the next one starts.
 */
public final class SpoolStore implements AutoCloseable {

    private static final String LOCK = ".lock";

    private final Path directory;
    private final FileLock lock;
    private final long quota;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong names = new AtomicLong();
    private final Object freed = new Object();

    /**
     * @param root created when missing; several processes may share it
     * @param quota most bytes on disk at one time
     * @throws UncheckedIOException when the directory can't be made or cleaned
     */
    public SpoolStore(Path root, long quota) {
        this.quota = quota;
        try {
            Files.createDirectories(root);
            deleteAbandoned(root);
            String name = "spool-" + UUID.randomUUID();
            lock = Objects.requireNonNull(openLock(root.resolve(name + LOCK)).tryLock(), "A new lock file is free");
            directory = Files.createDirectory(root.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("The spool directory can't be used", e);
        }
    }

    private static void deleteAbandoned(Path root) throws IOException {
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(root, "spool-*" + LOCK)) {
            for (Path file : locks) {
                try (FileChannel channel = openLock(file); FileLock free = tryLock(channel)) {
                    if (free != null) {
                        deleteFolder(root.resolve(file.getFileName().toString().replace(LOCK, "")));
                        Files.deleteIfExists(file);
                    }
                }
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static void deleteFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    Files.deleteIfExists(file);
                }
            }
            Files.delete(folder);
        }
    }

    private static FileChannel openLock(Path file) throws IOException {
        return FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), ownerOnly());
    }

    /** Deletes the process's own folder. */
    @Override
    public void close() {
        try {
            deleteFolder(directory);
            Files.deleteIfExists(directory.resolveSibling(directory.getFileName() + LOCK));
            lock.acquiredBy().close();
        } catch (IOException e) {
            throw new UncheckedIOException("The spool directory can't be cleaned", e);
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

    SpoolFile create() throws SpoolDiskFailed {
        Path file = directory.resolve(Long.toString(names.incrementAndGet()));
        try {
            FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    ownerOnly());
            return new SpoolFile(file, channel);
        } catch (IOException e) {
            throw new SpoolDiskFailed(e);
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
    }

    record SpoolFile(Path path, FileChannel channel) {

        /** Writes all of them, from a place on. */
        void write(ByteBuffer bytes, long place) throws SpoolDiskFailed {
            try {
                for (long at = place; bytes.hasRemaining();) {
                    at += channel.write(bytes, at);
                }
            } catch (IOException e) {
                throw new SpoolDiskFailed(e);
            }
        }

        void delete() {
            try (channel) {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                throw new UncheckedIOException("A spool file can't be deleted", e);
            }
        }
    }
}
