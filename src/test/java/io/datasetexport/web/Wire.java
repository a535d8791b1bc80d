package io.datasetexport.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.Leaks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** HTTP byte by byte: what no client library would send. */
record Wire(int port) {

    record Answer(int status, Map<String, List<String>> headers, String body) {

        String header(String name) {
            return String.join(", ", headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()));
        }

        JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        /** The last segment of the problem's type. */
        String problem() {
            return header("content-type").startsWith("application/problem+json")
                    ? json().get("type").stringValue().replaceFirst("^/problems/", "")
                    : header("content-type");
        }
    }

    /** Sends a request with the headers that every request needs; its answer must be one that the API's description has. */
    Answer send(String method, String target, String headers, byte[] body) throws IOException {
        Answer answer = raw((method + " " + target + " HTTP/1.1\r\nHost: localhost:" + port + "\r\nConnection: close\r\n" + headers
                + (body.length > 0 || method.equals("POST") ? "Content-Length: " + body.length + "\r\n" : "") + "\r\n")
                .getBytes(StandardCharsets.UTF_8), body);
        if (!Boolean.getBoolean("api.write")) {
            Contract.checkedIn().check(method, target, answer);
        }
        return answer;
    }

    Answer get(String target) throws IOException {
        return send("GET", target, "", new byte[0]);
    }

    Answer post(String target, String json) throws IOException {
        return send("POST", target, "Content-Type: application/json\r\n", json.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends bytes and reads to the end of the connection. */
    Answer raw(byte[]... parts) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            try {
                OutputStream out = socket.getOutputStream();
                for (byte[] part : parts) {
                    out.write(part);
                }
                out.flush();
            } catch (SocketException e) {
                // The service may refuse before it has read everything; its answer is what counts.
            }
            return answer(socket.getInputStream());
        }
    }

    static Answer answer(InputStream in) throws IOException {
        String[] start = line(in).split(" ", 3);
        Map<String, List<String>> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    List.of(line.substring(colon + 1).strip()),
                    (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
        }
        String length = String.join("", headers.getOrDefault("content-length", List.of()));
        byte[] body = !length.isEmpty()
                ? whole(in, Integer.parseInt(length))
                : headers.containsKey("transfer-encoding") ? chunks(in) : in.readAllBytes();
        Answer answer = new Answer(Integer.parseInt(start[1]), headers, new String(body, StandardCharsets.UTF_8));
        if (answer.header("content-type").startsWith(Problems.MEDIA_TYPE) || answer.header("content-type").startsWith("text/plain")) {
            assertThat(Leaks.in(answer.body())).as(answer.body()).isEmpty();
        }
        return answer;
    }

    private static byte[] whole(InputStream in, int length) throws IOException {
        byte[] body = in.readNBytes(length);
        // The answer to HEAD says a length and has no body.
        if (body.length > 0 && body.length < length) {
            throw new IOException("The connection ended after " + body.length + " of " + length + " bytes");
        }
        return body;
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            body.write(in.readNBytes(size));
            line(in);
        }
        return body.toByteArray();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("The connection ended inside a line: " + line);
            }
            line.append((char) b);
        }
        return line.toString().stripTrailing();
    }
}
