package io.datasetexport.catalog;

import io.datasetexport.model.Label;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

@Entity
@Table(name = "label")
class LabelEntity implements Persistable<LabelEntity.Id> {

    @Embeddable
    record Id(long datasetKey, int number) {}

    @EmbeddedId Id id;

    String path;
    String[] segments;
    @Nullable String color;
    String folder;
    String folderKey;
    boolean retired;

    @SuppressWarnings("NullAway.Init")
    LabelEntity() {}

    LabelEntity(long datasetKey, int number, NewLabel label, String folder, String folderKey) {
        id = new Id(datasetKey, number);
        path = label.path();
        segments = label.segments().toArray(String[]::new);
        color = label.color();
        this.folder = folder;
        this.folderKey = folderKey;
    }

    Label label() {
        return new Label(id.number, path, List.of(segments), color, folder, retired);
    }

    @Override
    public Id getId() {
        return id;
    }

    /** Labels are only ever added here: no select before each insert. */
    @Override
    public boolean isNew() {
        return true;
    }
}
