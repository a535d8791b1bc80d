package io.datasetexport.browse;

import io.datasetexport.access.DatasetRef;
import io.datasetexport.export.ExportSettings;
import io.datasetexport.export.Limits;
import io.datasetexport.format.dataloop.DataloopWriter;
import io.datasetexport.json.JsonPlace;
import io.datasetexport.json.StrictJson;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import io.datasetexport.read.QueryPages;
import io.datasetexport.read.SnapshotFailed;
import io.datasetexport.selection.Query;
import io.datasetexport.selection.QueryParser;
import io.datasetexport.selection.Resource;
import io.datasetexport.spool.Spool;
import io.datasetexport.spool.SpoolStore;
import io.datasetexport.text.Utf8Buffer;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** Answers queries about a dataset that the caller may see. */
@Service
public class DatasetBrowser {

    private static final Logger log = LoggerFactory.getLogger(DatasetBrowser.class);

    private final QueryPages pages;
    private final QueryParser queries;
    private final SpoolStore spool;
    private final ExportSettings settings;

    DatasetBrowser(QueryPages pages, Limits limits, SpoolStore spool, ExportSettings settings) {
        this.pages = pages;
        this.queries = new QueryParser(limits.query());
        this.spool = spool;
        this.settings = settings;
    }

    /**
     * The page that a query asks for, complete: no connection is held while it is sent.
     *
     * @param body a query as JSON
     * @throws RequestRefused when the query can't be read, or takes too long
     */
    public JsonPage page(DatasetRef dataset, Resource resource, String body) {
        JsonPlace place = StrictJson.object(body);
        Query query = queries.parse(place, resource);
        for (String other : new String[] {"limit", "skip"}) {
            JsonPlace member = place.member(other);
            if (member != null) {
                throw member.refuse("has no effect here; use page and pageSize");
            }
        }
        Spool rows = new Spool(spool);
        try {
            return page(dataset, query, rows);
        } catch (IOException e) {
            rows.close();
            RequestRefused refusal = e instanceof SnapshotFailed failed ? failed.refusal("/filter") : null;
            if (refusal == null) {
                log.error("A query of dataset {} failed", dataset.id(), e);
                throw new RequestRefused(ProblemType.INTERNAL, "The query could not be answered.");
            }
            log.warn("A query of dataset {} failed: {}", dataset.id(), e.getMessage());
            throw refusal;
        } catch (RuntimeException e) {
            rows.close();
            throw e;
        }
    }

    private JsonPage page(DatasetRef dataset, Query query, Spool rows) throws IOException {
        DataloopWriter writer = new DataloopWriter(dataset.id(), settings.baseUrl());
        Utf8Buffer row = new Utf8Buffer();
        QueryPages.Page page = switch (query.resource()) {
            case ITEMS -> pages.items(dataset, query, item -> {
                writer.itemAlone(item, next(row, rows));
                rows.append(row.array(), 0, row.length());
            });
            case ANNOTATIONS -> pages.annotations(dataset, query, found -> {
                writer.annotationAlone(found.annotation(), found.itemId(), found.itemCreator(), found.itemCreatedAt(), next(row, rows));
                rows.append(row.array(), 0, row.length());
            });
        };
        Utf8Buffer head = new Utf8Buffer().append('{');
        if (page.total() != null) {
            long size = query.pageSize();
            head.append("\"totalItemsCount\":").append(page.total());
            head.append(",\"totalPagesCount\":").append(size == 0 ? 0 : (page.total() + size - 1) / size).append(',');
        }
        head.append("\"hasNextPage\":").append(Boolean.toString(page.hasNext())).append(",\"items\":[");
        return new JsonPage(head.toByteArray(), rows);
    }

    private static Utf8Buffer next(Utf8Buffer row, Spool rows) {
        row.clear();
        return row.append(rows.size() == 0 ? "\n" : ",\n");
    }
}
