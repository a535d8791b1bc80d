package io.datasetexport.web;

import io.datasetexport.access.Access;
import io.datasetexport.access.Act;
import io.datasetexport.access.Action;
import io.datasetexport.access.Caller;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.export.ItemFile;
import io.datasetexport.export.ItemFiles;
import io.datasetexport.json.JsonPlace;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * One item: its JSON, and downloads of its annotations and its mask. {@code X-Left-Out} counts annotations that a download had to leave
 * out; without it there are none.
 */
@RestController
@Tag(name = "Items")
@RequestMapping("/api/v1/datasets/{dataset}/items/{item}")
class ItemFilesController {

    private final Access access;
    private final ItemFiles files;

    ItemFilesController(Access access, ItemFiles files) {
        this.access = access;
        this.files = files;
    }

    @Audited(Act.ITEM_FILE)
    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(ref = "Item")))
    @Operation(summary = "One item, without its annotations")
    @Answers(headers = {"Content-Length", "X-Left-Out"}, refuses = {
        ProblemType.UNKNOWN_FIELD, ProblemType.NOT_AVAILABLE, ProblemType.TOO_MANY_EXPORTS, ProblemType.QUERY_TIMEOUT})
    void getItem(Caller caller, @PathVariable String dataset, @PathVariable String item, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        refuseUnknown(request, null);
        try (ItemFile file = files.item(caller, access.require(caller, dataset, Action.EXPORT_ITEM), item)) {
            send(file, MediaType.APPLICATION_JSON_VALUE, request, response);
        }
    }

    @Audited(Act.ITEM_FILE)
    @GetMapping(path = "/annotations", produces = MediaType.APPLICATION_JSON_VALUE)
    @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(ref = "Item")))
    @Operation(summary = "One item with its annotations, as a download", description = "The same JSON as the item's entry in an export.")
    @Answers(headers = {"Content-Disposition", "Content-Length", "X-Left-Out"}, refuses = {
        ProblemType.UNKNOWN_FIELD, ProblemType.NOT_AVAILABLE, ProblemType.TOO_MANY_EXPORTS, ProblemType.QUERY_TIMEOUT})
    void downloadAnnotations(
            Caller caller, @PathVariable String dataset, @PathVariable String item, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        refuseUnknown(request, null);
        sendAnnotations(caller, access.require(caller, dataset, Action.EXPORT_ITEM), item, request, response);
    }

    @Audited(Act.ITEM_FILE)
    @GetMapping(path = "/mask", produces = MediaType.IMAGE_PNG_VALUE)
    @Operation(summary = "The mask of one item as a PNG: all labels, or one", description = "The same PNG as the item's entry in an export.")
    @Answers(headers = {"Content-Disposition", "Content-Length", "X-Left-Out"}, refuses = {
        ProblemType.NOT_AVAILABLE, ProblemType.TOO_MANY_EXPORTS, ProblemType.QUERY_TIMEOUT})
    void downloadMask(
            Caller caller,
            @PathVariable String dataset,
            @PathVariable String item,
            @RequestParam(required = false) @Nullable String label,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        refuseUnknown(request, "label");
        sendMask(caller, access.require(caller, dataset, Action.EXPORT_ITEM), item, label, request, response);
    }

    void sendAnnotations(Caller caller, DatasetRef dataset, String item, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        try (ItemFile file = files.annotations(caller, dataset, item)) {
            download(file, MediaType.APPLICATION_JSON_VALUE, request, response);
        }
    }

    void sendMask(
            Caller caller, DatasetRef dataset, String item, @Nullable String label, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        try (ItemFile file = files.mask(caller, dataset, item, label)) {
            download(file, MediaType.IMAGE_PNG_VALUE, request, response);
        }
    }

    private static void download(ItemFile file, String type, HttpServletRequest request, HttpServletResponse response) throws IOException {
        ContentDisposition attachment =
                ContentDisposition.attachment().filename(file.name(), StandardCharsets.UTF_8).build();
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, attachment.toString());
        send(file, type, request, response);
    }

    private static void send(ItemFile file, String type, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (file.leftOut() > 0) {
            response.setHeader("X-Left-Out", Long.toString(file.leftOut()));
        }
        response.setContentType(type);
        response.setContentLengthLong(file.size());
        file.sendTo(response.getOutputStream());
        AuditTrail.Note.required(request).sent(file.size());
    }

    private static void refuseUnknown(HttpServletRequest request, @Nullable String known) {
        request.getParameterMap().forEach((name, values) -> {
            if (!name.equals(known)) {
                throw new RequestRefused(
                        ProblemType.UNKNOWN_FIELD, "There is no parameter \"" + JsonPlace.shown(name) + "\" here.", JsonPlace.shown(name));
            }
            if (values.length > 1) {
                throw new RequestRefused(ProblemType.DUPLICATE_KEY, "The parameter \"" + name + "\" is there twice.", name);
            }
        });
    }
}
