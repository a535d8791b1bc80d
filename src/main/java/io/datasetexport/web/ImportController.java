package io.datasetexport.web;

import io.datasetexport.access.Access;
import io.datasetexport.access.Act;
import io.datasetexport.access.Action;
import io.datasetexport.access.Caller;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.ingest.DatasetImport;
import io.datasetexport.ingest.ImportOptions;
import io.datasetexport.ingest.ImportReport;
import io.datasetexport.json.JsonPlace;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Items and annotations into a dataset, streamed from the request. */
@RestController
@Tag(name = "Changes")
@RequestMapping(path = "/api/v1/datasets/{dataset}/import", produces = MediaType.APPLICATION_JSON_VALUE)
class ImportController {

    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Access access;
    private final DatasetImport imports;

    ImportController(Access access, DatasetImport imports) {
        this.access = access;
        this.imports = imports;
    }

    @Audited(Act.IMPORT)
    @PostMapping
    @RequestBody(required = true, content = {
        @Content(mediaType = "application/json", schema = @Schema(ref = "ImportBody")),
        @Content(mediaType = "application/x-ndjson", schema = @Schema(ref = "ImportLines")),
        @Content(mediaType = "application/zip", schema = @Schema(type = "string", format = "binary"))
    })
    @Operation(summary = "Load items and annotations, all or nothing", description = "An item is replaced when its id is there or, without an id, its `filename`. A body that is not read to its end "
            + "changes nothing. A ZIP holds JSON files of an item each, or `.ndjson` files of one a line, as our archives do; what lies below `items/` or `images/` "
            + "becomes its items' files.")
    @Answers(refuses = {ProblemType.UNKNOWN_FORMAT, ProblemType.BAD_RECORD, ProblemType.CONFLICT})
    ImportReport importItems(
            Caller caller,
            @PathVariable String dataset,
            @RequestParam(defaultValue = "dataloop") String format,
            @RequestParam(defaultValue = "auto") String labels,
            HttpServletRequest request) throws IOException {
        DatasetRef ref = access.require(caller, dataset, Action.CHANGE);
        ImportOptions options = options(format, labels, request);
        try {
            return imports.load(ref, options, request.getInputStream());
        } catch (RequestRefused refused) {
            readOn(request);
            throw refused;
        }
    }

    private static ImportOptions options(String format, String labels, HttpServletRequest request) {
        for (String name : request.getParameterMap().keySet()) {
            if (!name.equals("format") && !name.equals("labels")) {
                throw new RequestRefused(
                        ProblemType.UNKNOWN_FIELD, "There is no parameter \"" + JsonPlace.shown(name) + "\". Known here: format, labels.", name);
            }
        }
        ImportOptions.Format wanted = switch (format) {
            case "dataloop" -> ImportOptions.Format.DATALOOP;
            case "coco" -> ImportOptions.Format.COCO;
            default -> throw new RequestRefused(ProblemType.UNKNOWN_FORMAT, "\"format\" must be dataloop or coco.", "format");
        };
        ImportOptions.Labels unknownLabels = switch (labels) {
            case "auto" -> ImportOptions.Labels.AUTO;
            case "add" -> ImportOptions.Labels.ADD;
            case "keep" -> ImportOptions.Labels.KEEP;
            default -> throw new RequestRefused(ProblemType.VALIDATION, "\"labels\" must be auto, add or keep.", "labels");
        };
        String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new RequestRefused(ProblemType.UNSUPPORTED_ENCODING, "Send the body without Content-Encoding.");
        }
        return new ImportOptions(wanted, body(request.getContentType()), unknownLabels);
    }

    private static ImportOptions.Body body(@Nullable String contentType) {
        MediaType type;
        Charset charset;
        try {
            type = contentType == null ? MediaType.ALL : MediaType.parseMediaType(contentType);
            charset = type.getCharset() == null ? StandardCharsets.UTF_8 : type.getCharset();
        } catch (InvalidMediaTypeException e) {
            throw new RequestRefused(ProblemType.UNSUPPORTED_MEDIA_TYPE, "The Content-Type is not valid.");
        }
        if (!charset.equals(StandardCharsets.UTF_8)) {
            throw new RequestRefused(ProblemType.UNSUPPORTED_CHARSET, "Send the body in UTF-8.");
        }
        return switch ((type.getType() + "/" + type.getSubtype()).toLowerCase(Locale.ROOT)) {
            case "application/json" -> ImportOptions.Body.JSON;
            case "application/x-ndjson" -> ImportOptions.Body.NDJSON;
            case "application/zip" -> ImportOptions.Body.ZIP;
            default -> throw new RequestRefused(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "Send the body with Content-Type: application/json, application/x-ndjson or application/zip.");
        };
    }

    /** A client that is still sending would otherwise lose the connection and never see why. */
    private static void readOn(HttpServletRequest request) {
        byte[] buffer = new byte[65_536];
        long start = System.nanoTime();
        try {
            InputStream in = request.getInputStream();
            while (System.nanoTime() - start < GRACE.toNanos() && in.read(buffer) >= 0) {
            }
        } catch (IOException e) {
            // Nobody is left to answer to.
            return;
        }
    }
}
