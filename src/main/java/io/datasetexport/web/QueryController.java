package io.datasetexport.web;

import io.datasetexport.access.Access;
import io.datasetexport.access.Action;
import io.datasetexport.access.Caller;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.browse.DatasetBrowser;
import io.datasetexport.browse.JsonPage;
import io.datasetexport.selection.Resource;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Pages of items and of annotations that a query finds. */
@RestController
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
    @RequestBody(required = true, content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(type = "object")))
    @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Page.class)))
    void items(Caller caller, @PathVariable String dataset, HttpServletRequest request, HttpServletResponse response) throws IOException {
        send(caller, dataset, Resource.ITEMS, request, response);
    }

    @PostMapping("/annotations/query")
    @RequestBody(required = true, content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(type = "object")))
    @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Page.class)))
    void annotations(Caller caller, @PathVariable String dataset, HttpServletRequest request, HttpServletResponse response)
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

    /** What {@link JsonPage} holds, for the API's description. */
    record Page(
            @Nullable Long totalItemsCount,
            @Nullable Long totalPagesCount,
            boolean hasNextPage,
            @Schema(type = "array") List<Object> items) {}
}
