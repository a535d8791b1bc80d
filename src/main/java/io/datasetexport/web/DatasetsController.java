package io.datasetexport.web;

import io.datasetexport.access.Access;
import io.datasetexport.access.Act;
import io.datasetexport.access.Action;
import io.datasetexport.access.Caller;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.access.ProjectRef;
import io.datasetexport.catalog.Catalog;
import io.datasetexport.catalog.DatasetDetail;
import io.datasetexport.catalog.DatasetLine;
import io.datasetexport.model.Label;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.util.RawValue;

/** Datasets: which there are, what is in one, a new one. */
@RestController
@Tag(name = "Datasets")
@RequestMapping(path = "/api/v1/datasets", produces = MediaType.APPLICATION_JSON_VALUE)
class DatasetsController {

    private final Access access;
    private final Catalog catalog;
    private final JsonBody body;

    DatasetsController(Access access, Catalog catalog, JsonBody body) {
        this.access = access;
        this.catalog = catalog;
        this.body = body;
    }

    @GetMapping
    @Operation(summary = "The datasets that the caller can see, by id")
    List<Line> listDatasets(Caller caller) {
        return catalog.lines(access.visible(caller)).stream().map(Line::of).toList();
    }

    @GetMapping("/{dataset}")
    @Operation(summary = "One dataset: revision, counts, labels, ontology and recipe")
    Detail getDataset(Caller caller, @PathVariable String dataset) {
        return Detail.of(catalog.detail(access.require(caller, dataset, Action.SEE)));
    }

    @Audited(Act.CREATE_DATASET)
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @RequestBody(required = true, content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(implementation = New.class)))
    @Operation(summary = "Create a dataset", description = "Labels are numbered in code-point order of their paths; a number never changes.")
    @Answers(headers = "Location", refuses = {ProblemType.NOT_FOUND, ProblemType.CONFLICT})
    ResponseEntity<Detail> createDataset(Caller caller, HttpServletRequest request) throws IOException {
        DatasetBody wanted = DatasetBody.of(body.of(request));
        ProjectRef project = project(caller, wanted.projectId());
        AuditTrail.Note note = AuditTrail.Note.required(request).project(project);
        DatasetRef created = catalog.create(project, wanted.dataset());
        note.dataset(created.id());
        return ResponseEntity.created(URI.create("/api/v1/datasets/" + created.id())).body(Detail.of(catalog.detail(created)));
    }

    private ProjectRef project(Caller caller, String id) {
        try {
            return access.requireProject(caller, id, Action.CHANGE);
        } catch (RequestRefused refused) {
            throw refused.at("/projectId");
        }
    }

    /** @param revision changes with every change of the dataset; only equality means something */
    @Schema(name = "DatasetLine")
    record Line(String id, String name, String projectId, String storage, String revision, Instant createdAt) {

        static Line of(DatasetLine line) {
            return new Line(
                    line.id(), line.name(), line.projectId(), line.storage(), Long.toString(line.revision()), line.createdAt());
        }
    }

    /**
     * @param items how many there are
     * @param annotations how many there are
     * @param labels by number; retired ones keep theirs
     * @param ontology the platform's, as it was given
     * @param recipe the platform's, as it was given
     */
    @Schema(name = "Dataset")
    record Detail(
            String id,
            String name,
            String projectId,
            String storage,
            String revision,
            Instant createdAt,
            long items,
            long annotations,
            List<Label> labels,
            @Schema(type = "object") @Nullable RawValue ontology,
            @Schema(type = "object") @Nullable RawValue recipe) {

        static Detail of(DatasetDetail detail) {
            Line line = Line.of(detail.line());
            return new Detail(
                    line.id,
                    line.name,
                    line.projectId,
                    line.storage,
                    line.revision,
                    line.createdAt,
                    detail.items(),
                    detail.annotations(),
                    detail.facts().labels(),
                    raw(detail.facts().ontology()),
                    raw(detail.facts().recipe()));
        }

        private static @Nullable RawValue raw(@Nullable String json) {
            return json == null ? null : new RawValue(json);
        }
    }

    /** What {@link DatasetBody} reads, for the API's description. */
    @Schema(name = "NewDataset")
    record New(
            @Nullable String id,
            String name,
            @Nullable String projectId,
            @Nullable List<NewLabel> labels,
            @Schema(type = "object") @Nullable Object ontology,
            @Schema(type = "object") @Nullable Object recipe) {

        record NewLabel(String tag, @Nullable String color, @Nullable List<NewLabel> children) {}
    }
}
