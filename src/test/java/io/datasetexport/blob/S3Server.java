package io.datasetexport.blob;

import java.net.URI;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** One S3 server for all tests of this JVM, and a {@link FaultyProxy} of each test's own before it. */
public final class S3Server {

    private static final S3Server SHARED = new S3Server();

    private final S3Proxy server;

    private S3Server() {
        // Where the SDK's chain of credentials looks first.
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "testsecret");
        server = S3Proxy.builder()
                .blobStore(new TransientNio2BlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "test", "testsecret")
                .build();
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("The S3 server does not start", e);
        }
    }

    /** Makes a bucket. */
    public static FaultyProxy before(String bucket) throws Exception {
        try (S3Client client = SHARED.client()) {
            client.createBucket(create -> create.bucket(bucket));
        }
        return new FaultyProxy(SHARED.server.getPort(), bucket);
    }

    /** A client of the server itself, past all proxies. */
    public static S3Client direct() {
        return SHARED.client();
    }

    private S3Client client() {
        return S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .endpointOverride(URI.create("http://127.0.0.1:" + server.getPort()))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .build();
    }
}
