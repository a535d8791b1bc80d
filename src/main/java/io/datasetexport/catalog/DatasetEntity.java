package io.datasetexport.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "dataset")
@DynamicUpdate
class DatasetEntity {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Nullable Long key;

    String id;
    long projectKey;
    String name;

    @ColumnTransformer(write = "?::json")
    @Nullable String ontology;

    @ColumnTransformer(write = "?::json")
    @Nullable String recipe;

    String storage;
    int nextLabelNumber;

    @Column(insertable = false, updatable = false)
    @Nullable Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    DatasetEntity() {}

    DatasetEntity(String id, long projectKey, String name, @Nullable String ontology, @Nullable String recipe) {
        this.id = id;
        this.projectKey = projectKey;
        this.name = name;
        this.ontology = ontology;
        this.recipe = recipe;
        storage = "own";
    }
}
