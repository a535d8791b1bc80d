package io.datasetexport.web;

import io.datasetexport.access.Access;
import io.datasetexport.access.Action;
import io.datasetexport.access.Caller;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.export.ExportRequest;
import io.datasetexport.export.Exports;
import io.datasetexport.export.RunningExport;
import io.datasetexport.format.ExportFormat;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** Sends an archive as the answer to a request, however the request was spelled. */
@Component
final class ExportAnswer {

    private final Access access;
    private final Exports exports;

    ExportAnswer(Access access, Exports exports) {
        this.access = access;
        this.exports = exports;
    }

    /** @param dataset one that the caller may export; whether the caller may have its files too is asked here */
    void send(Caller caller, DatasetRef dataset, ExportRequest wanted, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        AuditTrail.Note note = AuditTrail.Note.required(request).asked(wanted.canonicalJson());
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
            describe(now, wanted, response);
        } else {
            try (RunningExport export = exports.start(caller, dataset, wanted)) {
                describe(export.head(), wanted, response);
                response.setHeader("X-Export-Id", export.id().toString());
                response.setHeader("X-Snapshot-At", export.takenAt().toString());
                if (wanted.measurable()) {
                    sendPart(export, request, response, note);
                } else {
                    export.sendTo(new SentBytes(response.getOutputStream(), note));
                }
            }
        }
    }

    /** The part that the request wants; all of it, with its length, for most. */
    private static void sendPart(RunningExport export, HttpServletRequest request, HttpServletResponse response, AuditTrail.Note note)
            throws IOException {
        long length = export.length();
        ByteRange range = request.getMethod().equals("GET")
                ? ByteRange.of(request.getHeader(HttpHeaders.RANGE), request.getHeader(HttpHeaders.IF_RANGE), export.head().etag(), length)
                : null;
        if (range == null) {
            range = new ByteRange(0, length);
        } else {
            response.setStatus(range.status());
            response.setHeader(HttpHeaders.CONTENT_RANGE, range.of(length));
        }
        response.setContentLengthLong(range.count());
        if (range.count() < length) {
            note.part();
        }
        if (range.count() > 0) {
            export.sendTo(new SentBytes(response.getOutputStream(), note), range.first(), range.count());
        }
    }

    private static void describe(Exports.Head head, ExportRequest wanted, HttpServletResponse response) {
        response.setContentType("application/zip");
        response.setHeader(HttpHeaders.ETAG, head.etag());
        ContentDisposition attachment =
                ContentDisposition.attachment().filename(head.filename(), StandardCharsets.UTF_8).build();
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, attachment.toString());
        response.setHeader(HttpHeaders.ACCEPT_RANGES, wanted.measurable() ? "bytes" : "none");
    }
}
