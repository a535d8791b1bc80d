package io.datasetexport.blob;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Blobs as objects of a bucket: {@code <prefix><key>}. Credentials come from the AWS SDK's chain.
 *
 * <p>A request is tried four times until its answer begins. A read that breaks off later goes on where it was, if the object is still the
 * same; breaking off again within {@value #PROGRESS} bytes fails it. Redirects are not followed.
 */
public final class S3BlobStore implements BlobStore, AutoCloseable {

    /** One is in memory for each upload. S3 takes 10,000 of them, so a file may have 156 GiB. */
    private static final int PART = 16 << 20;

    /** A store ends connections whose reader is slow, so one resumption would be too few for a large file. */
    static final int PROGRESS = 1 << 20;

    private static final int CHUNK = 64 * 1024;

    private final S3Client client;
    private final String bucket;
    private final String prefix;
    private final int partSize;

    public S3BlobStore(S3Bucket bucket) {
        this(bucket, PART);
    }

    S3BlobStore(S3Bucket bucket, int partSize) {
        this.client = client(bucket);
        this.bucket = bucket.bucket();
        this.prefix = bucket.prefix();
        this.partSize = partSize;
    }

    private static S3Client client(S3Bucket bucket) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(Duration.ofSeconds(5))
                        .socketTimeout(Duration.ofSeconds(20)))
                .overrideConfiguration(override -> override
                        .retryStrategy(StandardRetryStrategy.builder().maxAttempts(4).build())
                        .apiCallAttemptTimeout(Duration.ofMinutes(1)))
                .forcePathStyle(bucket.pathStyle())
                // Other stores know fewer checksums than AWS, and what is read is held against our own.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        if (bucket.endpoint() != null) {
            builder.endpointOverride(bucket.endpoint()).region(Region.US_EAST_1);
        }
        if (bucket.region() != null) {
            builder.region(Region.of(bucket.region()));
        }
        return builder.build();
    }

    @Override
    public Blob store(String key, InputStream content) throws IOException {
        String object = object(key);
        Digest digest = new Digest(content);
        byte[] first = digest.content().readNBytes(partSize);
        try {
            if (first.length < partSize) {
                client.putObject(put -> put.bucket(bucket).key(object), RequestBody.fromBytes(first));
                return digest.blob(key, first.length);
            }
            return digest.blob(key, storeParts(object, first, digest.content()));
        } catch (SdkException e) {
            // The answer may be what was lost, and not the object.
            deleteAfter(e, key);
            throw failed(key, "can't be stored", e);
        }
    }

    /** Returns the bytes of the object. */
    private long storeParts(String object, byte[] first, InputStream rest) throws IOException {
        long bytes = 0;
        String upload = client.createMultipartUpload(create -> create.bucket(bucket).key(object)).uploadId();
        try {
            List<CompletedPart> parts = new ArrayList<>();
            for (byte[] part = first; part.length > 0; part = rest.readNBytes(partSize)) {
                RequestBody body = RequestBody.fromBytes(part);
                int number = parts.size() + 1;
                UploadPartResponse stored = client.uploadPart(
                        send -> send.bucket(bucket).key(object).uploadId(upload).partNumber(number), body);
                bytes += part.length;
                parts.add(CompletedPart.builder().partNumber(number).eTag(stored.eTag()).build());
            }
            client.completeMultipartUpload(
                    end -> end.bucket(bucket).key(object).uploadId(upload).multipartUpload(all -> all.parts(parts)));
            return bytes;
        } catch (IOException | RuntimeException e) {
            try {
                client.abortMultipartUpload(abort -> abort.bucket(bucket).key(object).uploadId(upload));
            } catch (SdkException unfinished) {
                e.addSuppressed(unfinished);
            }
            throw e;
        }
    }

    private void deleteAfter(SdkException failure, String key) throws IOException {
        try {
            delete(key);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public InputStream open(String key, long from) throws IOException {
        return new ObjectStream(key, from);
    }

    @Override
    public void delete(String key) throws IOException {
        String object = object(key);
        try {
            client.deleteObject(delete -> delete.bucket(bucket).key(object));
            // What a crash left of an upload can't be read, but is paid for.
            for (MultipartUpload upload : client.listMultipartUploads(list -> list.bucket(bucket).prefix(object)).uploads()) {
                client.abortMultipartUpload(abort -> abort.bucket(bucket).key(upload.key()).uploadId(upload.uploadId()));
            }
        } catch (SdkException e) {
            throw failed(key, "can't be deleted", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private String object(String key) throws BlobBroken {
        return prefix + BlobKeys.require(key);
    }

    /** The SDK's own message names the host and the request: it stays in the cause. */
    private static BlobBroken failed(String key, String what, SdkException cause) {
        return new BlobBroken(
                key, cause instanceof S3Exception answered ? what + ": status " + answered.statusCode() : what, new IOException(cause));
    }

    /** An object from some byte to its end. Closing it before that cuts the connection: the rest may be gigabytes. */
    private final class ObjectStream extends InputStream {

        private final String key;
        private ResponseInputStream<GetObjectResponse> in;
        private final String etag;
        private final long end;
        private long position;
        private long resumedAt = -PROGRESS;
        private boolean closed;

        ObjectStream(String key, long from) throws BlobBroken {
            this.key = key;
            this.position = from;
            this.in = get(from, null);
            this.etag = in.response().eTag();
            this.end = from + in.response().contentLength();
        }

        /** @param expected tag of the object, null for any */
        private ResponseInputStream<GetObjectResponse> get(long from, @Nullable String expected) throws BlobBroken {
            String object = object(key);
            ResponseInputStream<GetObjectResponse> answer;
            try {
                answer = client.getObject(get -> get.bucket(bucket).key(object).ifMatch(expected).range(from == 0 ? null : "bytes=" + from + "-"));
            } catch (NoSuchKeyException e) {
                throw new BlobBroken(key, "is gone", new IOException(e));
            } catch (SdkException e) {
                throw e instanceof S3Exception answered && answered.statusCode() == 412
                        ? new BlobBroken(key, "was changed while it was read", new IOException(e))
                        : failed(key, "can't be read", e);
            }
            String range = answer.response().contentRange();
            if (answer.response().contentLength() == null || from > 0 && (range == null || !range.startsWith("bytes " + from + "-"))) {
                answer.abort();
                throw new BlobBroken(key, "came in other parts than were asked for");
            }
            return answer;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int count) throws IOException {
            while (position < end) {
                IOException broken = null;
                try {
                    int got = in.read(into, from, (int) Math.min(Math.min(count, CHUNK), end - position));
                    if (got >= 0) {
                        position += got;
                        return got;
                    }
                } catch (IOException e) {
                    broken = e;
                } catch (SdkException e) {
                    broken = new IOException(e);
                }
                resume(broken);
            }
            return -1;
        }

        /** @param broken null when the answer ended too early without saying so */
        private void resume(@Nullable IOException broken) throws IOException {
            if (closed || position - resumedAt < PROGRESS) {
                String what = "broke off at byte " + position + " of " + end;
                throw broken == null ? new BlobBroken(key, what) : new BlobBroken(key, what, broken);
            }
            in.abort();
            resumedAt = position;
            in = get(position, etag);
            if (position + in.response().contentLength() != end) {
                throw new BlobBroken(key, "was changed while it was read");
            }
        }

        @Override
        public void close() throws IOException {
            closed = true;
            if (position < end) {
                in.abort();
            } else {
                in.close();
            }
        }
    }
}
