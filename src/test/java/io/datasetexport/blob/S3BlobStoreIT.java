package io.datasetexport.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datasetexport.OneAtATime;
import io.datasetexport.blob.FaultyProxy.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** A bucket behind a bad line: what arrives whole is what was stored. */
@OneAtATime
class S3BlobStoreIT {

    private static final int SIZE = 5_000_000;
    private static final int MIDDLE = 2_345_678;
    private static final byte[] CONTENT = new byte[SIZE];

    private static FaultyProxy proxy;
    private static S3BlobStore store;
    private static Blob blob;

    @BeforeAll
    static void fill() throws Exception {
        new Random(5).nextBytes(CONTENT);
        proxy = S3Server.before("faults");
        store = new S3BlobStore(proxy.bucket());
        blob = store.store(BlobKeys.fresh(), new ByteArrayInputStream(CONTENT));
    }

    @AfterEach
    void heal() throws IOException {
        proxy.heal();
        proxy.reads();
        put(CONTENT);
    }

    @AfterAll
    static void close() throws Exception {
        store.close();
        proxy.close();
    }

    @Test
    void aBusyStoreIsAskedAgain() throws Exception {
        proxy.fail(new Fault.Unavailable(), new Fault.Unavailable());

        assertThat(read()).isEqualTo(CONTENT);
        assertThat(proxy.reads()).isEqualTo(3);
    }

    @Test
    void aStoreThatStaysBusyIsGivenUp() {
        proxy.fail(new Fault.Unavailable(), new Fault.Unavailable(), new Fault.Unavailable(), new Fault.Unavailable(), new Fault.Unavailable());

        assertThatThrownBy(S3BlobStoreIT::read).isInstanceOf(BlobBroken.class).hasMessageEndingWith("can't be read: status 503");
        assertThat(proxy.reads()).isEqualTo(4);
    }

    static Stream<Fault> cuts() {
        return Stream.of(0, 1, MIDDLE, SIZE - 1)
                .flatMap(after -> Stream.of(new Fault.Cut(after), new Fault.Cut(after, false, () -> {})));
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void aReadThatBrokeOffGoesOn(Fault cut) throws Exception {
        proxy.fail(cut);

        assertThat(read()).isEqualTo(CONTENT);
    }

    @Test
    void aReadMayBreakOffAgainAfterAWhile() throws Exception {
        proxy.fail(endedAfter(100), endedAfter(S3BlobStore.PROGRESS), endedAfter(S3BlobStore.PROGRESS + 1));

        assertThat(read()).isEqualTo(CONTENT);
        assertThat(proxy.reads()).isEqualTo(4);
    }

    @Test
    void aReadThatBreaksOffAgainAtOnceFails() {
        proxy.fail(new Fault.Cut(MIDDLE), new Fault.Cut(S3BlobStore.PROGRESS - 1));

        assertThatThrownBy(S3BlobStoreIT::read).isInstanceOf(BlobBroken.class).hasMessageContaining("broke off at byte");
    }

    /** Shorter is seen by the reader who knows the size; longer when the rest does not come. */
    @ParameterizedTest
    @ValueSource(ints = {-1, -SIZE, 1, 1000})
    void aLyingLengthNeverPasses(int by) {
        proxy.fail(new Fault.WrongLength(by), new Fault.WrongLength(by));

        assertThatThrownBy(S3BlobStoreIT::read).isInstanceOf(BlobBroken.class);
    }

    @Test
    void anObjectThatChangesMeanwhileIsNotPatchedTogether() {
        byte[] other = Arrays.copyOf(CONTENT, SIZE);
        other[SIZE - 1] ^= 1;
        proxy.fail(new Fault.Cut(MIDDLE, true, () -> put(other)));

        assertThatThrownBy(S3BlobStoreIT::read).isInstanceOf(BlobBroken.class).hasMessageEndingWith("was changed while it was read");
    }

    @Test
    void anObjectThatVanishesMeanwhileIsGone() {
        proxy.fail(new Fault.Cut(MIDDLE, true, () -> store.delete(blob.key())));

        assertThatThrownBy(S3BlobStoreIT::read).isInstanceOf(BlobBroken.class).hasMessageEndingWith("is gone");
    }

    @Test
    void anObjectOfOtherBytesIsFound() {
        byte[] other = Arrays.copyOf(CONTENT, SIZE);
        other[7] ^= 1;
        put(other);

        assertThatThrownBy(S3BlobStoreIT::read).isInstanceOf(BlobBroken.class).hasMessageEndingWith("has other bytes than were stored");
    }

    @Test
    void theRestOfACancelledObjectStaysWhereItIs() throws Exception {
        byte[] large = new byte[60_000_000];
        Blob all = store.store(BlobKeys.fresh(), new ByteArrayInputStream(large));
        proxy.sent();

        try (InputStream in = store.open(all.key(), 0)) {
            assertThat(in.readNBytes(1000)).hasSize(1000);
        }

        Thread.sleep(300);
        assertThat(proxy.sent()).as("what was in flight").isLessThan(20_000_000);
    }

    @Test
    void whatACrashLeftOfAnUploadIsDeletedWithItsKey() throws Exception {
        String key = BlobKeys.fresh();
        try (S3Client client = S3Server.direct()) {
            client.createMultipartUpload(create -> create.bucket("faults").key("some/" + key));
            assertThat(client.listMultipartUploads(list -> list.bucket("faults")).uploads()).hasSize(1);

            store.delete(key);

            assertThat(client.listMultipartUploads(list -> list.bucket("faults")).uploads()).isEmpty();
        }
    }

    @Test
    void messagesNameNoHost() {
        assertThatThrownBy(() -> store.open(BlobKeys.fresh(), 0)).message().doesNotContain("127.0.0.1").doesNotContain("faults");
    }

    /** Not reset, for a reset takes with it what is on its way. */
    private static Fault endedAfter(int bytes) {
        return new Fault.Cut(bytes, false, () -> {});
    }

    private static byte[] read() throws IOException {
        try (InputStream whole = WholeBlob.open(store, blob.key(), 0, blob.bytes(), blob.crc32())) {
            return whole.readAllBytes();
        }
    }

    private static void put(byte[] content) {
        try (S3Client client = S3Server.direct()) {
            client.putObject(put -> put.bucket("faults").key("some/" + blob.key()), RequestBody.fromBytes(content));
        }
    }
}
