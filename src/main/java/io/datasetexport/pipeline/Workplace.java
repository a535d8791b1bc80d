package io.datasetexport.pipeline;

import io.datasetexport.blob.BlobStore;
import io.datasetexport.spool.OutboundPipe;
import io.datasetexport.spool.SpoolStore;
import java.util.concurrent.Executor;

/**
 * What all exports share.
 *
 * @param blobs where the files of items are
 * @param workers render and compress
 * @param backlog of runs that wait for them
 * @param ahead how many runs of items one export may have waiting or in work
 * @param progress is told what all exports do
 */
public record Workplace(
        SpoolStore spool, BlobStore blobs, Executor workers, Backlog backlog, int ahead, OutboundPipe.Patience patience, Progress progress) {}
