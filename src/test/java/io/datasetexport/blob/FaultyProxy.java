package io.datasetexport.blob;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Passes requests on to an S3 server, each on a connection of its own, and does harm to those that read an object. */
public final class FaultyProxy implements AutoCloseable {

    private final int server;
    private final String bucket;
    private final ServerSocket listening;
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();

    /** What is done to one answer. */
    public sealed interface Fault {

        /** The store has no time. */
        record Unavailable() implements Fault {}

        /** So many bytes of the object arrive; then something happens to it, and the connection is reset, or just ended. */
        record Cut(int after, boolean reset, Harm harm) implements Fault {
            public Cut(int after) {
                this(after, true, () -> {});
            }
        }

        /** The answer says another length than the object has. */
        record WrongLength(int by) implements Fault {}

        /** Nothing comes until the client goes. */
        record Silence() implements Fault {}
    }

    /** What happens to an object between two requests. */
    public interface Harm {
        void happen() throws IOException;
    }

    FaultyProxy(int server, String bucket) throws IOException {
        this.server = server;
        this.bucket = bucket;
        this.listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public S3Bucket bucket() {
        return new S3Bucket(bucket, endpoint(), null, true, "some/");
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    /** The next reads of an object meet these, one each. */
    public void fail(Fault... next) {
        faults.addAll(List.of(next));
    }

    public void heal() {
        faults.clear();
    }

    /** How often an object was asked for, since the last call. */
    public int reads() {
        return reads.getAndSet(0);
    }

    /** Bytes of objects that were written to clients, since the last call. */
    public long sent() {
        return sent.getAndSet(0);
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client; Socket upstream = new Socket(InetAddress.getLoopbackAddress(), server)) {
            InputStream in = client.getInputStream();
            String request = head(in);
            boolean read = request.startsWith("GET /" + bucket + "/some/");
            Fault fault = read ? faults.poll() : null;
            if (read) {
                reads.incrementAndGet();
            }
            if (fault instanceof Fault.Unavailable) {
                client.getOutputStream().write("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1));
                return;
            }
            upstream.getOutputStream().write(request.replaceFirst("\r\n", "\r\nConnection: close\r\n").getBytes(ISO_8859_1));
            Thread.ofVirtual().start(() -> pass(in, upstream));
            answer(client, upstream.getInputStream(), read, fault);
        } catch (IOException e) {
            // The client has gone, or the test is over.
        }
    }

    private static void pass(InputStream in, Socket upstream) {
        try {
            in.transferTo(upstream.getOutputStream());
        } catch (IOException e) {
            // The other direction tells.
        }
    }

    private void answer(Socket client, InputStream answer, boolean read, Fault fault) throws IOException {
        OutputStream out = client.getOutputStream();
        String head = head(answer);
        switch (head.startsWith("HTTP/1.1 20") ? fault : null) {
            case Fault.Silence _ -> client.getInputStream().transferTo(OutputStream.nullOutputStream());
            case Fault.WrongLength(int by) -> {
                String length = head.replaceFirst("(?is).*\r\ncontent-length: (\\d+)\r\n.*", "$1");
                out.write(head.replaceFirst("(?i)(content-length: )\\d+", "$1" + (Integer.parseInt(length) + by)).getBytes(ISO_8859_1));
                answer.transferTo(out);
            }
            case Fault.Cut(int after, boolean reset, Harm harm) -> {
                out.write(head.getBytes(ISO_8859_1));
                out.write(answer.readNBytes(after));
                out.flush();
                harm.happen();
                if (reset) {
                    settle();
                    client.setSoLinger(true, 0);
                }
            }
            case null, default -> {
                out.write(head.getBytes(ISO_8859_1));
                byte[] chunk = new byte[8192];
                for (int got = answer.read(chunk); got >= 0; got = answer.read(chunk)) {
                    out.write(chunk, 0, got);
                    if (read) {
                        sent.addAndGet(got);
                    }
                }
            }
        }
    }

    /** A reset throws away what the client has not read yet. */
    private static void settle() throws IOException {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int one = in.read();
            if (one < 0) {
                throw new EOFException();
            }
            head.write(one);
        }
        return head.toString(ISO_8859_1);
    }
}
