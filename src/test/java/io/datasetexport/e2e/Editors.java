package io.datasetexport.e2e;

import io.datasetexport.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Four threads that change a {@link SyntheticDataset} of four annotations an item, and leave each item with four: two by plain SQL,
 * which replace one annotation of an even item, two through the API, which delete an odd item or import it with other annotations.
 */
final class Editors implements AutoCloseable {

    private static final int ANNOTATIONS = 4;

    private final TestDatabase database;
    private final String dataset;
    private final int items;
    private final URI api;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger bySql = new AtomicInteger();
    private final AtomicInteger byApi = new AtomicInteger();
    private final AtomicInteger faults = new AtomicInteger();
    private volatile boolean stopped;

    /** @param api of the dataset, without a slash at its end */
    Editors(TestDatabase database, String dataset, int items, URI api) {
        this.database = database;
        this.dataset = dataset;
        this.items = items;
        this.api = api;
        for (int i = 0; i < 2; i++) {
            threads.add(Thread.ofVirtual().start(this::editBySql));
            threads.add(Thread.ofVirtual().start(this::editByApi));
        }
    }

    int bySql() {
        return bySql.get();
    }

    int byApi() {
        return byApi.get();
    }

    /** Requests that were neither done nor refused, but failed. */
    int faults() {
        return faults.get();
    }

    private void editBySql() {
        while (!stopped) {
            int ordinal = 1000 + ThreadLocalRandom.current().nextInt(1_000_000);
            try {
                SyntheticDataset.execute(database, """
                        begin;
                        with gone as (
                          delete from annotation where (item_key, ordinal) = (
                            select a.item_key, a.ordinal from annotation a join item i on i.key = a.item_key
                              join dataset d on d.key = a.dataset_key
                            where d.id = '%1$s' and i.filename ~ '[02468].jpg$' order by random() limit 1 for update of a skip locked)
                          returning *)
                        insert into annotation (item_key, ordinal, dataset_key, id, type, label, coordinates, metadata)
                        select item_key, %2$d, dataset_key, id, type, label, coordinates, metadata from gone;
                        commit""".formatted(dataset, ordinal));
                bySql.incrementAndGet();
            } catch (SQLException e) {
                // Two editors met on a row: the transaction left nothing behind.
                continue;
            }
        }
    }

    private void editByApi() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        while (!stopped) {
            int number = 1 + 2 * random.nextInt(items / 2);
            String id = "%024x".formatted(number);
            HttpRequest request = random.nextBoolean()
                    ? HttpRequest.newBuilder(URI.create(api + "/items/" + id)).DELETE().build()
                    : HttpRequest.newBuilder(URI.create(api + "/import?format=dataloop"))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(item(id, number, random.nextInt(10))))
                            .build();
            try {
                int status = client.send(request, BodyHandlers.discarding()).statusCode();
                if (status < 300) {
                    byApi.incrementAndGet();
                } else if (status >= 500) {
                    faults.incrementAndGet();
                }
            } catch (IOException e) {
                faults.incrementAndGet();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static String item(String id, int number, int label) {
        String annotations = String.join(",", IntStream.range(0, ANNOTATIONS).mapToObj(ordinal -> """
                {"id": "%s%d", "type": "box", "label": "label%d", "coordinates": [{"x": %d, "y": 1}, {"x": 90, "y": 80}]}"""
                .formatted(id.substring(1), ordinal, label, ordinal)).toList());
        return """
                {"id": "%s", "filename": "/train/%08d.jpg", "metadata": {"system": {"width": 1920, "height": 1080}}, "annotations": [%s]}"""
                .formatted(id, number, annotations);
    }

    @Override
    public void close() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        client.close();
    }
}
