package io.datasetexport.web;

import io.datasetexport.access.Access;
import io.datasetexport.access.Act;
import io.datasetexport.access.Action;
import io.datasetexport.access.Caller;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.content.BoundedContent;
import io.datasetexport.content.ContentSettings;
import io.datasetexport.content.ItemContents;
import io.datasetexport.content.StoredContent;
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
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/** The file of one item: upload, and download by project owners, also in parts. */
@RestController
@Tag(name = "Items")
@RequestMapping("/api/v1/datasets/{dataset}/items/{item}/content")
class ContentController {

    private static final int CHUNK = 64 * 1024;

    private final Access access;
    private final ItemContents contents;
    private final long largest;

    ContentController(Access access, ItemContents contents, ContentSettings settings) {
        this.access = access;
        this.contents = contents;
        this.largest = settings.largest().toBytes();
    }

    @Audited(Act.UPLOAD)
    @PutMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @RequestBody(required = true, content = @Content(mediaType = "application/octet-stream", schema = @Schema(type = "string", format = "binary")))
    @Operation(summary = "Upload the file of one item", description = "In place of the one that it had. Where the item does not say its size, media type or rotation, the file does.")
    @Answers(refuses = {ProblemType.EXTERNAL_ITEMS, ProblemType.PAYLOAD_TOO_LARGE, ProblemType.UNSUPPORTED_ENCODING})
    ItemContents.Uploaded uploadFile(Caller caller, @PathVariable String dataset, @PathVariable String item, HttpServletRequest request)
            throws IOException {
        var ref = access.require(caller, dataset, Action.CHANGE);
        String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new RequestRefused(ProblemType.UNSUPPORTED_ENCODING, "Send the body without Content-Encoding.");
        }
        if (request.getContentLengthLong() > largest) {
            throw tooLarge();
        }
        return contents.upload(ref, item, mediaType(request.getContentType()), new BoundedContent(request.getInputStream(), largest, this::tooLarge));
    }

    @Audited(Act.ITEM_FILE)
    @RequestMapping(method = {RequestMethod.GET, RequestMethod.HEAD})
    @ApiResponse(responseCode = "200", content = @Content(mediaType = "*/*", schema = @Schema(type = "string", format = "binary")))
    @Operation(summary = "Download the file of one item, or a part of it", description = "For owners of the project only.")
    @Answers(headers = {"Content-Disposition", "Content-Length", "Content-Range", "ETag", "Accept-Ranges"}, refuses = ProblemType.EXTERNAL_ITEMS)
    void downloadFile(Caller caller, @PathVariable String dataset, @PathVariable String item, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        send(access.require(caller, dataset, Action.DOWNLOAD_FILES), item, request, response);
    }

    /** @param dataset one whose files the caller may have */
    void send(DatasetRef dataset, String item, HttpServletRequest request, HttpServletResponse response) throws IOException {
        StoredContent content = contents.find(dataset, item);
        String etag = "\"" + content.sha256() + "\"";
        response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
        response.setHeader(HttpHeaders.ETAG, etag);
        if (ETags.match(request.getHeader(HttpHeaders.IF_NONE_MATCH), etag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
        ByteRange range = ByteRange.of(
                request.getHeader(HttpHeaders.RANGE), request.getHeader(HttpHeaders.IF_RANGE), etag, content.bytes());
        if (range != null) {
            response.setHeader(HttpHeaders.CONTENT_RANGE, range.of(content.bytes()));
        }
        if (range != null && range.count() == 0) {
            response.setStatus(HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE);
            return;
        }
        long first = range == null ? 0 : range.first();
        long count = range == null ? content.bytes() : range.count();
        if (request.getMethod().equals("HEAD")) {
            describe(content, range, count, response);
            return;
        }
        AuditTrail.Note note = AuditTrail.Note.required(request);
        if (count < content.bytes()) {
            note.part();
        }
        try (InputStream in = content.open(first)) {
            describe(content, range, count, response);
            copy(in, count, first + count == content.bytes(), new SentBytes(response.getOutputStream(), note));
        }
    }

    private static void describe(StoredContent content, @Nullable ByteRange range, long count, HttpServletResponse response) {
        response.setStatus(range == null ? HttpServletResponse.SC_OK : HttpServletResponse.SC_PARTIAL_CONTENT);
        String type = mediaType(content.mediaType());
        response.setContentType(type == null ? MediaType.APPLICATION_OCTET_STREAM_VALUE : type);
        response.setContentLengthLong(count);
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.attachment().filename(content.name(), StandardCharsets.UTF_8).build().toString());
    }

    /** The last bytes of the file leave only when what follows them is its end: a file that is broken never arrives in full length. */
    private static void copy(InputStream in, long count, boolean toTheEnd, OutputStream out) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long left = count;
        while (left > 0) {
            int read = in.readNBytes(chunk, 0, (int) Math.min(CHUNK, left));
            left -= read;
            if (read == 0 || left == 0 && toTheEnd && in.read() >= 0) {
                throw new IOException("A stored file has another length than its item says");
            }
            out.write(chunk, 0, read);
        }
    }

    /** A media type that may stand in a header; null for none and for {@code application/octet-stream}, which says nothing. */
    private static @Nullable String mediaType(@Nullable String given) {
        try {
            MediaType type = given == null ? MediaType.APPLICATION_OCTET_STREAM : MediaType.parseMediaType(given);
            return type.isConcrete() && !type.equalsTypeAndSubtype(MediaType.APPLICATION_OCTET_STREAM)
                    ? type.getType() + "/" + type.getSubtype()
                    : null;
        } catch (InvalidMediaTypeException e) {
            return null;
        }
    }

    private RequestRefused tooLarge() {
        return new RequestRefused(ProblemType.PAYLOAD_TOO_LARGE, "The file is larger than " + largest + " bytes.");
    }
}
