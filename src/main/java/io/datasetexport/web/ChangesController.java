package io.datasetexport.web;

import io.datasetexport.access.Access;
import io.datasetexport.access.Act;
import io.datasetexport.access.Action;
import io.datasetexport.access.Caller;
import io.datasetexport.ingest.DatasetLabels;
import io.datasetexport.ingest.Removal;
import io.datasetexport.model.Label;
import io.datasetexport.problem.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Changes of what is there: labels, and what is no longer wanted. */
@RestController
@Tag(name = "Changes")
@RequestMapping(path = "/api/v1/datasets/{dataset}")
class ChangesController {

    private final Access access;
    private final DatasetLabels labels;
    private final Removal removal;
    private final JsonBody body;

    ChangesController(Access access, DatasetLabels labels, Removal removal, JsonBody body) {
        this.access = access;
        this.labels = labels;
        this.removal = removal;
        this.body = body;
    }

    @Audited(Act.CHANGE_LABELS)
    @PutMapping(path = "/labels", produces = MediaType.APPLICATION_JSON_VALUE)
    @RequestBody(required = true, content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(implementation = Tree.class)))
    @Operation(summary = "Replace the label tree", description = "Labels that are missing are retired and keep their numbers. A label that is named by its number is renamed.")
    @Answers(refuses = ProblemType.CONFLICT)
    Labels replaceLabels(Caller caller, @PathVariable String dataset, HttpServletRequest request) throws IOException {
        var ref = access.require(caller, dataset, Action.CHANGE);
        return new Labels(labels.replace(ref, LabelsBody.of(body.of(request))));
    }

    @Audited(Act.DELETE_DATASET)
    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a dataset with all of its items")
    @Answers(refuses = ProblemType.CONFLICT)
    void deleteDataset(Caller caller, @PathVariable String dataset) {
        removal.dataset(access.require(caller, dataset, Action.CHANGE));
    }

    @Audited(Act.DELETE_ITEM)
    @DeleteMapping("/items/{item}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete one item with its annotations")
    @Answers(refuses = ProblemType.CONFLICT)
    void deleteItem(Caller caller, @PathVariable String dataset, @PathVariable String item) {
        removal.item(access.require(caller, dataset, Action.CHANGE), item);
    }

    /** @param labels by number, retired ones included */
    record Labels(List<Label> labels) {}

    /** What {@link LabelsBody} reads, for the API's description. */
    @Schema(name = "LabelTree")
    record Tree(List<Node> labels) {

        @Schema(name = "LabelNode")
        record Node(String tag, @Nullable String color, @Nullable Integer number, @Nullable List<Node> children) {}
    }
}
