package io.datasetexport.ingest;

import io.datasetexport.access.DatasetRef;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.sql.PreparedStatement;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** Deletes datasets and items, with everything that belongs to them. An export that is running goes on with what it saw when it began. */
@Service
public class Removal {

    private static final Logger log = LoggerFactory.getLogger(Removal.class);

    private final DataSource database;

    public Removal(DataSource database) {
        this.database = database;
    }

    /** Deletes the dataset, its labels, items and annotations. */
    public void dataset(DatasetRef dataset) {
        Statistics.refreshIfUnknown(database);
        DatasetChange.run(database, dataset, (connection, external) -> {
            try (PreparedStatement delete = connection.prepareStatement("delete from dataset where key = ?")) {
                delete.setLong(1, dataset.key());
                return delete.executeUpdate();
            }
        });
        log.info("Deleted dataset {}", dataset.id());
    }

    /** Deletes one item and its annotations; refused with not-found when there is none. */
    public void item(DatasetRef dataset, String id) {
        DatasetChange.run(database, dataset, (connection, external) -> {
            try (PreparedStatement delete = connection.prepareStatement("delete from item where dataset_key = ? and id = ?")) {
                delete.setLong(1, dataset.key());
                delete.setString(2, id);
                if (delete.executeUpdate() == 0) {
                    throw new RequestRefused(ProblemType.NOT_FOUND, "There is no such item.");
                }
                return true;
            }
        });
    }
}
