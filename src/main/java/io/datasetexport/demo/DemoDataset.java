package io.datasetexport.demo;

import io.datasetexport.access.Access;
import io.datasetexport.access.Action;
import io.datasetexport.access.Caller;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.catalog.Catalog;
import io.datasetexport.catalog.NewDataset;
import io.datasetexport.catalog.NewLabel;
import io.datasetexport.content.ItemContents;
import io.datasetexport.embedded.EmbeddedPostgres;
import io.datasetexport.ingest.DatasetImport;
import io.datasetexport.ingest.ImportOptions;
import io.datasetexport.problem.RequestRefused;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/** Loads the demo dataset at the first start, before the service says that it is ready. */
@Component
class DemoDataset implements ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(DemoDataset.class);
    private static final String PROJECT = "default";
    private static final ImportOptions NDJSON =
            new ImportOptions(ImportOptions.Format.DATALOOP, ImportOptions.Body.NDJSON, ImportOptions.Labels.KEEP);

    private final boolean wanted;
    private final Access access;
    private final Catalog catalog;
    private final DatasetImport imports;
    private final ItemContents contents;

    DemoDataset(
            DemoSettings settings, ObjectProvider<EmbeddedPostgres> embedded, Access access, Catalog catalog,
            DatasetImport imports, ItemContents contents) {
        this.wanted = settings.demo() == null ? embedded.getIfAvailable() != null : settings.demo();
        this.access = access;
        this.catalog = catalog;
        this.imports = imports;
        this.contents = contents;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        if (wanted) {
            try {
                load();
            } catch (RequestRefused e) {
                // Another instance on the same database may be doing the same; the service works without it.
                log.warn("The demo dataset was not loaded: {}", e.getMessage());
            }
        }
    }

    private void load() throws IOException {
        if (!isThere()) {
            catalog.create(
                    access.requireProject(Caller.LOCAL, PROJECT, Action.CHANGE),
                    new NewDataset(DemoScenes.ID, DemoScenes.NAME, labels(), DemoScenes.ontology(), DemoScenes.recipe()));
        }
        DatasetRef dataset = access.require(Caller.LOCAL, DemoScenes.ID, Action.CHANGE);
        // Empty: just created, or left so by a start that was killed before the import was through.
        if (catalog.detail(dataset).items() == 0) {
            try (InputStream items = DemoScenes.ndjson()) {
                imports.load(dataset, NDJSON, items);
            }
        }
        upload(dataset);
    }

    /** The files that are not there yet: all of them at the first start, the rest after one that was killed. */
    private void upload(DatasetRef dataset) throws IOException {
        List<DemoItem> items = DemoScenes.items().stream().filter(DemoItem::hasFile).toList();
        Set<String> missing = contents.withoutFile(dataset, items.stream().map(DemoItem::id).toList());
        for (DemoItem item : items) {
            if (missing.contains(item.id())) {
                var file = new ByteArrayOutputStream();
                item.writeFile(file);
                contents.upload(dataset, item.id(), null, new ByteArrayInputStream(file.toByteArray()));
            }
        }
    }

    /** Whether there is a dataset with the demo's id. */
    boolean isThere() {
        return access.visible(Caller.LOCAL).stream().anyMatch(dataset -> dataset.id().equals(DemoScenes.ID));
    }

    private static List<NewLabel> labels() {
        return DemoLabels.all().stream().map(label -> new NewLabel(label.segments(), label.color())).toList();
    }
}
