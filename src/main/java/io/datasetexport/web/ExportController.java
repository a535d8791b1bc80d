package io.datasetexport.web;

import io.datasetexport.access.Access;
import io.datasetexport.access.Action;
import io.datasetexport.access.Caller;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.export.ExportRequest;
import io.datasetexport.export.ExportRequests;
import io.datasetexport.export.Exports;
import io.datasetexport.export.RunningExport;
import io.datasetexport.format.ExportFormat;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The archive of a dataset, streamed. */
@RestController
@RequestMapping(path = "/api/v1/datasets/{dataset}/export", produces = "application/zip")
class ExportController {

    private final Access access;
    private final ExportRequests requests;
    private final Exports exports;
    private final JsonBody body;

    ExportController(Access access, ExportRequests requests, Exports exports, JsonBody body) {
        this.access = access;
        this.requests = requests;
        this.exports = exports;
        this.body = body;
    }

    @RequestMapping(method = RequestMethod.POST)
    @RequestBody(content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(type = "object")))
    void post(Caller caller, @PathVariable String dataset, HttpServletRequest request, HttpServletResponse response) throws IOException {
        StreamConnection.require(request);
        DatasetRef ref = access.require(caller, dataset, Action.EXPORT);
        send(caller, ref, requests.fromBody(body.of(request)), request, response);
    }

    @RequestMapping(method = {RequestMethod.GET, RequestMethod.HEAD})
    @Parameter(in = ParameterIn.QUERY, name = "include", description = "Formats, comma-separated or repeated; json without it", example = "json,coco")
    @Parameter(in = ParameterIn.QUERY, name = "filename", description = "Name of the download")
    void get(
            Caller caller,
            @PathVariable String dataset,
            @Parameter(hidden = true) @RequestParam MultiValueMap<String, String> parameters,
            HttpServletRequest request,
            HttpServletResponse response) throws IOException {
        StreamConnection.require(request);
        DatasetRef ref = access.require(caller, dataset, Action.EXPORT);
        Map<String, List<String>> given = new LinkedHashMap<>(parameters);
        send(caller, ref, requests.fromParameters(given), request, response);
    }

    private void send(Caller caller, DatasetRef dataset, ExportRequest wanted, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (wanted.include().contains(ExportFormat.ITEMS)) {
            access.require(caller, dataset.id(), Action.DOWNLOAD_FILES);
        }
        Exports.Head now = exports.head(dataset, wanted);
        // Kept by the caller alone, and asked for again each time: that is what the ETag is for.
        response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
        if (ETags.match(request.getHeader(HttpHeaders.IF_NONE_MATCH), now.etag())) {
            response.setHeader(HttpHeaders.ETAG, now.etag());
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
        } else if (request.getMethod().equals("HEAD")) {
            describe(now, response);
        } else {
            try (RunningExport export = exports.start(caller, dataset, wanted)) {
                describe(export.head(), response);
                response.setHeader("X-Export-Id", export.id().toString());
                response.setHeader("X-Snapshot-At", export.takenAt().toString());
                export.sendTo(response.getOutputStream());
            }
        }
    }

    private static void describe(Exports.Head head, HttpServletResponse response) {
        response.setContentType("application/zip");
        response.setHeader(HttpHeaders.ETAG, head.etag());
        ContentDisposition attachment =
                ContentDisposition.attachment().filename(head.filename(), StandardCharsets.UTF_8).build();
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, attachment.toString());
        response.setHeader(HttpHeaders.ACCEPT_RANGES, "none");
    }
}
