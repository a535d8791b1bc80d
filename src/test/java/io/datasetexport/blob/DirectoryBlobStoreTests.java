package io.datasetexport.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DirectoryBlobStoreTests {

    /** What another program may do to a file that is being sent. */
    private enum Change {
        SHORTENED,
        LENGTHENED,
        OVERWRITTEN;

        void happenTo(Path file) throws Exception {
            try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                switch (this) {
                    case SHORTENED -> open.setLength(open.length() - 1);
                    case LENGTHENED -> open.setLength(open.length() + 1);
                    case OVERWRITTEN -> {
                        open.seek(open.length() - 1);
                        int last = open.read();
                        open.seek(open.length() - 1);
                        open.write(last ^ 1);
                    }
                }
            }
        }
    }

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource
    void aFileThatIsChangedWhileItIsReadDoesNotEnd(Change change) throws Exception {
        DirectoryBlobStore store = new DirectoryBlobStore(folder);
        String key = BlobKeys.fresh();
        byte[] content = new byte[1 << 20];
        new Random(3).nextBytes(content);
        Blob blob = store.store(key, new ByteArrayInputStream(content));

        try (InputStream whole = WholeBlob.open(store, key, 0, blob.bytes(), blob.crc32())) {
            assertThat(whole.readNBytes(content.length / 2)).hasSize(content.length / 2);
            change.happenTo(folder.resolve(key.substring(0, 2)).resolve(key));

            assertThatThrownBy(whole::readAllBytes).isInstanceOf(BlobBroken.class);
        }
    }
}
