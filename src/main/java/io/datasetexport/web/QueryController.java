package io.datasetexport.web;

import io.datasetexport.access.Access;
import io.datasetexport.access.Action;
import io.datasetexport.access.Caller;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.browse.DatasetBrowser;
import io.datasetexport.browse.JsonPage;
import io.datasetexport.selection.Resource;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Pages of items and of annotations that a query finds. */
@RestController
@Tag(name = "Queries")
@RequestMapping(path = "/api/v1/datasets/{dataset}", produces = MediaType.APPLICATION_JSON_VALUE)
class QueryController {

    private final Access access;
    private final DatasetBrowser browser;
    private final JsonBody body;

    QueryController(Access access, DatasetBrowser browser, JsonBody body) {
        this.access = access;
        this.browser = browser;
        this.body = body;
    }

    @PostMapping("/items/query")
    @RequestBody(required = true, content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(ref = "Query")))
    @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(ref = "Page")))
    @Operation(summary = "A page of the items that a query finds", description = "Files that are not hidden, unless the filter names `type` or `hidden`.")
    @Answers(headers = "Content-Length")
    void queryItems(Caller caller, @PathVariable String dataset, HttpServletRequest request, HttpServletResponse response) throws IOException {
        send(caller, dataset, Resource.ITEMS, request, response);
    }

    @PostMapping("/annotations/query")
    @RequestBody(required = true, content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(ref = "Query")))
    @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(ref = "Page")))
    @Operation(summary = "A page of the annotations that a query finds")
    @Answers(headers = "Content-Length")
    void queryAnnotations(Caller caller, @PathVariable String dataset, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        send(caller, dataset, Resource.ANNOTATIONS, request, response);
    }

    private void send(Caller caller, String dataset, Resource resource, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        DatasetRef ref = access.require(caller, dataset, Action.SEE);
        try (JsonPage page = browser.page(ref, resource, body.of(request))) {
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            response.setContentLengthLong(page.size());
            page.sendTo(response.getOutputStream());
        }
    }
}
