package io.datasetexport.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A downloaded archive, read by the JDK through its central directory. */
record Archive(Map<String, byte[]> entries) {

    private static final JsonMapper JSON = new JsonMapper();

    /** @throws IOException when the bytes are not a whole archive */
    static Archive of(byte[] bytes) throws IOException {
        Path file = Files.createTempFile("archive", ".zip");
        try {
            Files.write(file, bytes);
            return of(file);
        } finally {
            Files.delete(file);
        }
    }

    /** @throws IOException when the file is not a whole archive */
    static Archive of(Path file) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                if (entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes()) != null) {
                    throw new IOException("Two entries have the name " + entry.getName());
                }
            }
        }
        return new Archive(entries);
    }

    JsonNode json(String name) {
        return JSON.readTree(bytes(name));
    }

    String text(String name) {
        return new String(bytes(name), UTF_8);
    }

    JsonNode manifest() {
        return json("_export/manifest.json");
    }

    private byte[] bytes(String name) {
        return Objects.requireNonNull(entries.get(name), name);
    }
}
