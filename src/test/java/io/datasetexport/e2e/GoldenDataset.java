package io.datasetexport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A directory {@code golden/<name>} of the test resources, loaded into a running service over HTTP under its name. */
record GoldenDataset(String name, Path directory) {

    private static final JsonMapper JSON = JsonMapper.shared();

    static GoldenDataset named(String name) throws URISyntaxException {
        return new GoldenDataset(name, Path.of(Objects.requireNonNull(GoldenDataset.class.getResource("/golden/" + name)).toURI()));
    }

    /** Creates the dataset with its ontology and recipe, and imports its items. */
    void load(HttpClient client, int port) throws IOException, InterruptedException {
        String datasets = "http://localhost:" + port + "/api/v1/datasets";
        ObjectNode body = JSON.createObjectNode().put("id", name).put("name", JSON.readTree(read("dataset.json")).get("name").asString());
        body.set("ontology", JSON.readTree(read("ontology.json")));
        if (Files.exists(directory.resolve("recipe.json"))) {
            body.set("recipe", JSON.readTree(read("recipe.json")));
        }
        send(client, datasets, "application/json", body.toString(), 201);
        StringBuilder items = new StringBuilder();
        for (Path file : files("items").values()) {
            items.append(Files.readString(file).replace("\n", " ").replace("\r", " ")).append('\n');
        }
        send(client, datasets + "/" + name + "/import?format=dataloop&labels=keep", "application/x-ndjson", items.toString(), 200);
    }

    /** The files below {@code folder} by their path in it, with slashes. */
    Map<String, Path> files(String folder) throws IOException {
        Path root = directory.resolve(folder);
        Map<String, Path> files = new TreeMap<>();
        if (Files.isDirectory(root)) {
            try (Stream<Path> walk = Files.walk(root)) {
                walk.filter(Files::isRegularFile).forEach(file -> files.put(root.relativize(file).toString().replace('\\', '/'), file));
            }
        }
        return files;
    }

    private String read(String file) throws IOException {
        return Files.readString(directory.resolve(file));
    }

    private static void send(HttpClient client, String uri, String type, String body, int expected) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(uri)).header("Content-Type", type).POST(BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(expected);
    }
}
