package io.datasetexport.web;

import io.datasetexport.access.Access;
import io.datasetexport.access.Act;
import io.datasetexport.access.Action;
import io.datasetexport.access.Caller;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.export.ExportRequests;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The archive of a dataset, streamed. */
@RestController
@Tag(name = "Exports")
@RequestMapping(path = "/api/v1/datasets/{dataset}/export", produces = "application/zip")
class ExportController {

    private final Access access;
    private final ExportRequests requests;
    private final ExportAnswer answer;
    private final JsonBody body;

    ExportController(Access access, ExportRequests requests, ExportAnswer answer, JsonBody body) {
        this.access = access;
        this.requests = requests;
        this.answer = answer;
        this.body = body;
    }

    @Audited(Act.EXPORT)
    @RequestMapping(method = RequestMethod.POST)
    @RequestBody(required = true, content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(ref = "ExportRequest")))
    @Operation(summary = "Export a dataset as a ZIP", description = "Streamed while it is read, from one snapshot. Only a body that arrives to its end is a whole archive: a failure "
            + "breaks the connection, and the archive then has no central directory.")
    @Answers(headers = {"Content-Disposition", "ETag", "Accept-Ranges", "X-Export-Id", "X-Snapshot-At"})
    void exportDataset(Caller caller, @PathVariable String dataset, HttpServletRequest request, HttpServletResponse response) throws IOException {
        StreamConnection.require(request);
        DatasetRef ref = access.require(caller, dataset, Action.EXPORT);
        answer.send(caller, ref, requests.fromBody(body.of(request)), request, response);
    }

    @Audited(Act.EXPORT)
    @RequestMapping(method = {RequestMethod.GET, RequestMethod.HEAD})
    @Operation(summary = "Export a dataset as a ZIP, by a link", description = "The same request, as parameters. `HEAD` and 304 judge the request, the caller and the "
            + "dataset, and read no item: that an id is unknown or a file can't be sent, `GET` and the plan say.")
    @Answers(headers = {"Content-Disposition", "ETag", "Accept-Ranges", "X-Export-Id", "X-Snapshot-At"})
    void exportByLink(
            Caller caller,
            @PathVariable String dataset,
            @Parameter(hidden = true) @RequestParam MultiValueMap<String, String> parameters,
            HttpServletRequest request,
            HttpServletResponse response) throws IOException {
        StreamConnection.require(request);
        DatasetRef ref = access.require(caller, dataset, Action.EXPORT);
        Map<String, List<String>> given = new LinkedHashMap<>(parameters);
        answer.send(caller, ref, requests.fromParameters(given), request, response);
    }
}
