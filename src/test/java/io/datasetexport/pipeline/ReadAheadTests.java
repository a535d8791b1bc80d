package io.datasetexport.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datasetexport.archive.ZipWriter;
import io.datasetexport.blob.Blob;
import io.datasetexport.blob.BlobBroken;
import io.datasetexport.blob.BlobKeys;
import io.datasetexport.blob.DirectoryBlobStore;
import io.datasetexport.model.Storage;
import io.datasetexport.spool.SpoolStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReadAheadTests {

    /** Around what changes hands at once, and empty ones between. */
    private static final int[] SIZES = {0, 1, 262_143, 0, 262_144, 262_145, 5, 0, 0, 600_000, 100, 262_144, 0};

    private final Random random = new Random(7);
    @TempDir private Path folder;

    private SpoolStore spool;
    private DirectoryBlobStore blobs;
    private FileList files;

    @BeforeEach
    void store() throws IOException {
        spool = new SpoolStore(folder.resolve("spool"), 100 << 20);
        blobs = new DirectoryBlobStore(folder.resolve("files"));
        files = new FileList(spool);
        for (int i = 0; i < SIZES.length; i++) {
            byte[] content = new byte[SIZES[i]];
            random.nextBytes(content);
            Blob blob = blobs.store(BlobKeys.fresh(), new ByteArrayInputStream(content));
            files.add(new RenderedRun.FileEntry("items/" + i, new Storage.Own(blob.key(), blob.bytes(), blob.crc32())));
        }
    }

    @AfterEach
    void nothingIsLeft() {
        files.close();
        assertThat(spool.used()).isZero();
        spool.close();
    }

    @Test
    void anyPartOfAnArchiveOfFilesIsThatPartOfTheWhole() throws IOException {
        byte[] whole = archive(0, Long.MAX_VALUE);
        assertThat(whole.length).isGreaterThan(Arrays.stream(SIZES).sum());
        for (int i = 0; i < 100; i++) {
            int first = random.nextInt(whole.length);
            int end = first + random.nextInt(whole.length - first + 1);
            assertThat(Arrays.equals(archive(first, end), Arrays.copyOfRange(whole, first, end))).as("%d to %d", first, end).isTrue();
        }
    }

    /** Also where nothing follows that would have to be waited for. */
    @Test
    void aFileThatIsNotWhatWasStoredEndsTheArchive() throws IOException {
        for (int broken = 0; broken < SIZES.length; broken++) {
            if (SIZES[broken] > 0) {
                Path file = file(broken);
                byte[] before = Files.readAllBytes(file);
                Files.write(file, new byte[1], StandardOpenOption.APPEND);
                assertThatThrownBy(() -> archive(0, Long.MAX_VALUE)).isInstanceOf(BlobBroken.class).hasMessageContaining("longer");
                before[before.length - 1] ^= 1;
                Files.write(file, before);
                assertThatThrownBy(() -> archive(0, Long.MAX_VALUE)).isInstanceOf(BlobBroken.class).hasMessageContaining("other bytes");
                before[before.length - 1] ^= 1;
                Files.write(file, before);
            }
        }
        assertThat(archive(0, Long.MAX_VALUE)).isNotEmpty();
    }

    private Path file(int number) throws IOException {
        String[] key = {""};
        long[] next = {0};
        files.forEach(entry -> key[0] = next[0]++ == number ? entry.file().key() : key[0]);
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> path.endsWith(key[0])).findFirst().orElseThrow();
        }
    }

    private byte[] archive(long first, long end) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipWriter zip = new ZipWriter(out, spool); ReadAhead content = new ReadAhead(files, blobs)) {
            zip.continueOn(out, first, end);
            long[] next = {0};
            files.forEach(entry -> zip.add(entry.path(), entry.file().bytes(), entry.file().crc32(), content.file(next[0]++)));
            zip.complete();
        }
        return out.toByteArray();
    }
}
