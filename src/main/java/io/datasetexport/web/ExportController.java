package io.datasetexport.web;

import io.datasetexport.access.Access;
import io.datasetexport.access.Action;
import io.datasetexport.access.Caller;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.export.ExportRequest;
import io.datasetexport.export.ExportRequests;
import io.datasetexport.export.Exports;
import io.datasetexport.format.ExportFormat;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    void post(Caller caller, @PathVariable String dataset, HttpServletRequest request, HttpServletResponse response) throws IOException {
        StreamConnection.require(request);
        DatasetRef ref = access.require(caller, dataset, Action.EXPORT);
        send(caller, ref, requests.fromBody(body.of(request)), request, response);
    }

    @RequestMapping(method = {RequestMethod.GET, RequestMethod.HEAD})
    void get(
            Caller caller,
            @PathVariable String dataset,
            @RequestParam MultiValueMap<String, String> parameters,
            HttpServletRequest request,
            HttpServletResponse response) throws IOException {
        StreamConnection.require(request);
        DatasetRef ref = access.require(caller, dataset, Action.EXPORT);
        Map<String, List<String>> given = new LinkedHashMap<>(parameters);
        send(caller, ref, requests.fromParameters(given), request, response);
    }

    private void send(Caller caller, DatasetRef dataset, ExportRequest wanted, HttpServletRequest request, HttpServletResponse response) {
        if (wanted.include().contains(ExportFormat.ITEMS)) {
            access.require(caller, dataset.id(), Action.DOWNLOAD_FILES);
        }
        exports.prepare(caller, dataset, wanted);
    }
}
