package io.datasetexport.web;

import io.datasetexport.access.Access;
import io.datasetexport.access.Act;
import io.datasetexport.access.Action;
import io.datasetexport.access.Caller;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.access.Links;
import io.datasetexport.export.ExportRequest;
import io.datasetexport.export.ExportRequests;
import io.datasetexport.export.ExportSettings;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.json.JsonPlace;
import io.datasetexport.json.StrictJson;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Links for browsers: made by a caller, good for some minutes, followed without a header. */
@RestController
@Tag(name = "Links")
@RequestMapping("/api/v1")
class LinksController {

    static final String PATH = "/api/v1/exports/links/";

    private final Access access;
    private final Links links;
    private final ExportRequests requests;
    private final ExportAnswer exports;
    private final ItemFilesController files;
    private final ContentController contents;
    private final ExportSettings settings;
    private final JsonBody body;

    LinksController(
            Access access,
            Links links,
            ExportRequests requests,
            ExportAnswer exports,
            ItemFilesController files,
            ContentController contents,
            ExportSettings settings,
            JsonBody body) {
        this.access = access;
        this.links = links;
        this.requests = requests;
        this.exports = exports;
        this.files = files;
        this.contents = contents;
        this.settings = settings;
        this.body = body;
    }

    @Audited(Act.CREATE_LINK)
    @PostMapping(path = "/datasets/{dataset}/export/links", produces = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    @RequestBody(required = true, content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(ref = "ExportRequest")))
    @Operation(summary = "Make a link to an export", description = "A browser can follow it without a header, for some minutes.")
    Link createExportLink(Caller caller, @PathVariable String dataset, HttpServletRequest request) throws IOException {
        DatasetRef ref = access.require(caller, dataset, Action.EXPORT);
        String text = body.of(request);
        ExportRequest wanted = requests.fromBody(text);
        AuditTrail.Note.required(request).asked(wanted.canonicalJson());
        if (wanted.include().contains(ExportFormat.ITEMS)) {
            access.require(caller, dataset, Action.DOWNLOAD_FILES);
        }
        return link(links.create(caller, ref, new Links.ToExport(text)));
    }

    @Audited(Act.CREATE_LINK)
    @PostMapping(path = "/datasets/{dataset}/items/{item}/links", produces = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    @RequestBody(required = true, content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(implementation = ItemLink.class)))
    @Operation(summary = "Make a link to the annotations, the mask or the file of one item")
    Link createItemLink(Caller caller, @PathVariable String dataset, @PathVariable String item, HttpServletRequest request) throws IOException {
        DatasetRef ref = access.require(caller, dataset, Action.EXPORT_ITEM);
        JsonPlace wanted = StrictJson.object(body.of(request)).only(Set.of("file", "label"));
        JsonPlace file = wanted.required("file");
        JsonPlace label = wanted.member("label");
        Links.File which = switch (file.text()) {
            case "annotations" -> Links.File.ANNOTATIONS;
            case "mask" -> Links.File.MASK;
            case "content" -> Links.File.CONTENT;
            default -> throw file.refuse("must be annotations, mask or content");
        };
        if (label != null && which != Links.File.MASK) {
            throw label.refuse("belongs to a mask");
        }
        AuditTrail.Note.required(request).asked(which.id());
        if (which == Links.File.CONTENT) {
            access.require(caller, dataset, Action.DOWNLOAD_FILES);
        }
        return link(links.create(caller, ref, new Links.ToItemFile(item, which, label == null ? null : label.text())));
    }

    /** The caller is whoever made the link: {@link SecurityChain} takes the link for a token here, and only here. */
    @Audited(Act.EXPORT)
    @RequestMapping(path = "/exports/links/{token}", method = {RequestMethod.GET, RequestMethod.HEAD})
    @ApiResponse(responseCode = "200", content = @Content(mediaType = "*/*", schema = @Schema(type = "string", format = "binary")))
    @Operation(summary = "Follow a link", description = "The answer of what it leads to, for whoever made it.")
    @Answers(headers = {"Content-Disposition", "Content-Range", "ETag"}, refuses = {
        ProblemType.ITEMS_NOT_FOUND, ProblemType.EXTERNAL_ITEMS, ProblemType.MISSING_FILES, ProblemType.NOT_AVAILABLE, ProblemType.CLASS_NUMBERS,
        ProblemType.UPGRADE_REQUIRED, ProblemType.TOO_MANY_EXPORTS, ProblemType.QUERY_TIMEOUT})
    void followLink(Caller caller, @PathVariable String token, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Links.Link link = links.find(token);
        AuditTrail.Note note = AuditTrail.Note.required(request).dataset(link.datasetId());
        switch (link.target()) {
            case Links.ToExport(var text) -> {
                StreamConnection.require(request);
                DatasetRef ref = still(caller, link, Action.EXPORT);
                note.project(ref.project());
                exports.send(caller, ref, requests.fromBody(text), request, response);
            }
            case Links.ToItemFile(var item, var file, var label) -> {
                DatasetRef ref = still(caller, link, file == Links.File.CONTENT ? Action.DOWNLOAD_FILES : Action.EXPORT_ITEM);
                note.project(ref.project()).target(item);
                switch (file) {
                    case ANNOTATIONS -> files.sendAnnotations(caller, ref, item, request, response);
                    case MASK -> files.sendMask(caller, ref, item, label, request, response);
                    case CONTENT -> contents.send(ref, item, request, response);
                }
            }
        }
    }

    @Audited(Act.REVOKE_LINK)
    @DeleteMapping("/exports/links/{token}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Revoke a link")
    void revokeLink(Caller caller, @PathVariable String token, HttpServletRequest request) {
        AuditTrail.Note.required(request).dataset(links.find(token).datasetId());
        links.revoke(caller, token);
    }

    /** The link says that the dataset is there, so whoever made it and may no longer see it is refused as one who may not have it. */
    private DatasetRef still(Caller caller, Links.Link link, Action action) {
        try {
            return access.require(caller, link.datasetId(), action);
        } catch (RequestRefused refused) {
            throw new RequestRefused(ProblemType.FORBIDDEN, "Whoever made this link may no longer have what it leads to.");
        }
    }

    private Link link(Links.Created created) {
        String base = settings.baseUrl();
        return new Link((base == null ? "" : base) + PATH + created.secret(), created.expiresAt());
    }

    /** @param url below {@code dataset-export.public-url}; without one, of the same service */
    record Link(String url, Instant expiresAt) {}

    /** @param file {@code annotations}, {@code mask} or {@code content} */
    record ItemLink(String file, @Nullable String label) {}
}
