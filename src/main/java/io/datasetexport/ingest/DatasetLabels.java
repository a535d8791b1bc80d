package io.datasetexport.ingest;

import io.datasetexport.access.DatasetRef;
import io.datasetexport.model.Label;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.stereotype.Service;

/** Changes a dataset's labels; their numbers stay. */
@Service
public class DatasetLabels {

    private final DataSource database;

    public DatasetLabels(DataSource database) {
        this.database = database;
    }

    /**
     * Makes the labels exactly these, all or nothing: one with a number is that label, renamed where its path differs; one without is the
     * label of that path, or a new one with the next number; a label that is missing is retired, and comes back when it is named again.
     *
     * @return all labels by number, retired ones included
     */
    public List<Label> replace(DatasetRef dataset, List<LabelSpec> labels) {
        return DatasetChange.run(database, dataset, (connection, external) -> {
            LabelRows rows = new LabelRows(connection, dataset.key());
            rows.replace(labels);
            return rows.all();
        });
    }
}
