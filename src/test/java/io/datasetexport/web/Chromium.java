package io.datasetexport.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real browser, driven by the Chrome DevTools Protocol, one for all tests. The empty page {@code /page} of every origin is the test's;
 * all other requests go out, those for {@link #REBOUND} to this machine.
 */
final class Chromium implements WebSocket.Listener {

    /** A name that points to 127.0.0.1, as a page's own may do after it was loaded. */
    static final String REBOUND = "rebound.example";

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    private static final Path FOLDER = Path.of("target", "chromium").toAbsolutePath();
    private static final String PAGE = Base64.getEncoder().encodeToString("<!doctype html><title>page</title><body></body>".getBytes(UTF_8));

    private static Chromium shared;

    private final AtomicInteger serial = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
    private final StringBuilder message = new StringBuilder();
    private final WebSocket socket;

    /** Where tests with a browser are skipped. */
    static boolean isMissing() {
        return executable().isEmpty();
    }

    private static Optional<Path> executable() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The browser, with a page that is empty. */
    static synchronized Chromium shared() throws Exception {
        if (shared == null) {
            shared = new Chromium();
        }
        return shared;
    }

    private Chromium() throws Exception {
        FileSystemUtils.deleteRecursively(FOLDER);
        Files.createDirectories(FOLDER);
        Process process = new ProcessBuilder(
                executable().orElseThrow().toString(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions", "--no-proxy-server",
                // What the service keeps a page from is to be seen, not what this browser does.
                "--disable-features=LocalNetworkAccessChecks", "--host-resolver-rules=MAP " + REBOUND + " 127.0.0.1",
                "--user-data-dir=" + FOLDER.resolve("profile"), "--remote-debugging-port=0", "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(FOLDER.resolve("log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }));
        Path port = FOLDER.resolve("profile").resolve("DevToolsActivePort");
        await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(port) && Files.readAllLines(port).size() > 1);
        HttpClient client = HttpClient.newHttpClient();
        URI blank = URI.create("http://127.0.0.1:" + Files.readAllLines(port).getFirst() + "/json/new");
        String page = client.send(HttpRequest.newBuilder(blank).PUT(BodyPublishers.noBody()).build(), BodyHandlers.ofString()).body();
        socket = client.newWebSocketBuilder().buildAsync(URI.create(text(page, "webSocketDebuggerUrl")), this).get(1, TimeUnit.MINUTES);
        call("Fetch.enable", Map.of("patterns", List.of(Map.of("urlPattern", "*/page"))));
        call("Page.enable", Map.of());
    }

    private static String text(String json, String member) {
        return JsonMapper.shared().readTree(json).get(member).stringValue();
    }

    /** Shows a page of an origin. */
    void open(String origin) throws Exception {
        JsonNode opened = call("Page.navigate", Map.of("url", origin + "/page"));
        if (opened.has("errorText")) {
            throw new IOException(origin + ": " + opened.get("errorText"));
        }
        await().until(() -> evaluate("document.readyState + ' ' + location.origin").stringValue().equals("complete " + origin));
    }

    /** What an expression of the page is, or what it promises. */
    JsonNode evaluate(String script) throws Exception {
        JsonNode done = call("Runtime.evaluate", Map.of("expression", script, "awaitPromise", true, "returnByValue", true));
        if (done.has("exceptionDetails")) {
            throw new IOException(done.get("exceptionDetails").toString());
        }
        return done.at("/result/value");
    }

    /** Downloads go here from now on. */
    Path downloads(String name) throws Exception {
        Path folder = Files.createDirectories(FOLDER.resolve(name));
        call("Browser.setDownloadBehavior", Map.of("behavior", "allow", "downloadPath", folder.toString()));
        return folder;
    }

    private JsonNode call(String method, Map<String, ?> parameters) throws Exception {
        JsonNode answer = begin(method, parameters).get(1, TimeUnit.MINUTES);
        if (answer.has("error")) {
            throw new IOException(method + ": " + answer.get("error"));
        }
        return answer.get("result");
    }

    private synchronized CompletableFuture<JsonNode> begin(String method, Map<String, ?> parameters) throws Exception {
        int id = serial.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        calls.put(id, answer);
        String text = JsonMapper.shared().writeValueAsString(Map.of("id", id, "method", method, "params", parameters));
        socket.sendText(text, true).get(1, TimeUnit.MINUTES);
        return answer;
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        message.append(data);
        if (last) {
            JsonNode said = JsonMapper.shared().readTree(message.toString());
            message.setLength(0);
            if (said.has("id")) {
                calls.remove(said.get("id").intValue()).complete(said);
            } else if (said.path("method").asString("").equals("Fetch.requestPaused")) {
                Thread.ofVirtual().start(() -> show(said.at("/params/requestId").stringValue()));
            }
        }
        from.request(1);
        return null;
    }

    private void show(String request) {
        try {
            begin("Fetch.fulfillRequest", Map.of(
                    "requestId", request, "responseCode", 200, "responseHeaders", List.of(Map.of("name", "Content-Type", "value", "text/html")), "body", PAGE));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A text of JavaScript. */
    static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }

    /** The files of a folder, none of them half. */
    static List<Path> whole(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = new ArrayList<>(files.toList());
            return found.stream().noneMatch(file -> file.toString().endsWith(".crdownload")) ? found : List.of();
        }
    }
}
