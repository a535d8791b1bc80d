package io.datasetexport.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datasetexport.OneAtATime;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.s3.S3Client;

/** What every store of blobs does, in a folder and in a bucket. */
@OneAtATime
class BlobStoreIT {

    /** The smallest part that S3 takes. */
    private static final int PART = 5 << 20;

    @TempDir private static Path folder;

    private static FaultyProxy proxy;
    private static List<Subject> stores;

    /** A store, and a way to see what it keeps without it. */
    private record Subject(BlobStore store, Kept kept) {
        @Override
        public String toString() {
            return store.getClass().getSimpleName();
        }
    }

    private interface Kept {
        long count() throws IOException;
    }

    @BeforeAll
    static void makeStores() throws Exception {
        proxy = S3Server.before("contract");
        stores = List.of(
                new Subject(new DirectoryBlobStore(folder), BlobStoreIT::files),
                new Subject(new S3BlobStore(proxy.bucket(), PART), BlobStoreIT::objects));
    }

    @AfterAll
    static void closeStores() throws Exception {
        proxy.close();
    }

    static Stream<Subject> stores() {
        return stores.stream();
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aBlobComesBackAsItWent(Subject subject) throws Exception {
        for (int size : new int[] {0, 1, 70_000, PART - 1, PART, PART + 1, 2 * PART + 12_345}) {
            byte[] content = content(size);
            String key = BlobKeys.fresh();

            Blob blob = subject.store.store(key, new ByteArrayInputStream(content));

            CRC32 crc = new CRC32();
            crc.update(content);
            assertThat(blob.key()).isEqualTo(key);
            assertThat(blob.bytes()).isEqualTo(size);
            assertThat(blob.crc32()).isEqualTo(crc.getValue());
            assertThat(blob.sha256()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(content));
            try (InputStream whole = WholeBlob.open(subject.store, key, 0, size, blob.crc32())) {
                assertThat(whole.readAllBytes()).isEqualTo(content);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aBlobIsReadFromAnyByte(Subject subject) throws Exception {
        byte[] content = content(200_000);
        String key = BlobKeys.fresh();
        subject.store.store(key, new ByteArrayInputStream(content));

        for (int from : new int[] {0, 1, 65_536, 199_999}) {
            try (InputStream rest = subject.store.open(key, from)) {
                assertThat(rest.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, from, content.length));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void nothingCanBeReadBeforeTheEndIsStored(Subject subject) throws Exception {
        String key = BlobKeys.fresh();
        subject.store.store(key, new FilterInputStream(new ByteArrayInputStream(content(2 * PART))) {
            @Override
            public int read(byte[] into, int from, int count) throws IOException {
                int got = super.read(into, from, count);
                if (in.available() % PART < got || got < 0) {
                    assertThatThrownBy(() -> subject.store.open(key, 0)).isInstanceOf(BlobBroken.class).hasMessageEndingWith("is gone");
                }
                return got;
            }
        });
        subject.store.open(key, 0).close();
    }

    @ParameterizedTest
    @MethodSource("stores")
    void anUploadThatBreaksOffLeavesNothing(Subject subject) throws Exception {
        for (int after : new int[] {0, 1000, PART, 2 * PART + 5}) {
            long before = subject.kept.count();
            String key = BlobKeys.fresh();
            InputStream breaking = new FilterInputStream(new ByteArrayInputStream(content(after))) {
                @Override
                public int read(byte[] into, int from, int count) throws IOException {
                    int got = super.read(into, from, count);
                    if (got < 0) {
                        throw new IOException("The client has gone");
                    }
                    return got;
                }
            };

            assertThatThrownBy(() -> subject.store.store(key, breaking)).hasMessage("The client has gone");

            assertThat(subject.kept.count()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aDeletedBlobIsGone(Subject subject) throws Exception {
        String key = BlobKeys.fresh();
        subject.store.store(key, new ByteArrayInputStream(content(10)));
        long before = subject.kept.count();

        subject.store.delete(key);
        subject.store.delete(key);

        assertThat(subject.kept.count()).isEqualTo(before - 1);
        assertThatThrownBy(() -> subject.store.open(key, 0)).isInstanceOf(BlobBroken.class).hasMessageEndingWith("is gone");
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aKeyThatIsNotOursOpensNothing(Subject subject) {
        for (String key : List.of("../../../../etc/passwd", "/etc/passwd", "00/11", "", "0".repeat(31), "A".repeat(32))) {
            assertThatThrownBy(() -> subject.store.open(key, 0)).isInstanceOf(BlobBroken.class).hasMessageEndingWith("was not looked for");
            assertThatThrownBy(() -> subject.store.delete(key)).isInstanceOf(BlobBroken.class);
        }
    }

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    private static long files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    /** Uploads that were begun count as well. */
    private static long objects() {
        try (S3Client client = S3Server.direct()) {
            return client.listObjectsV2Paginator(list -> list.bucket("contract")).contents().stream().count()
                    + client.listMultipartUploads(list -> list.bucket("contract")).uploads().size();
        }
    }
}
