package io.datasetexport.export;

import io.datasetexport.blob.BlobStore;
import io.datasetexport.pipeline.Backlog;
import io.datasetexport.pipeline.Workplace;
import io.datasetexport.raster.RasterBudget;
import io.datasetexport.read.ReadLimits;
import io.datasetexport.read.RowMemory;
import io.datasetexport.spool.OutboundPipe;
import io.datasetexport.spool.SpoolStore;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What all exports of this instance share. */
@Configuration(proxyBeanMethods = false)
class ExportConfiguration {

    /** Rows may take this part of the heap. */
    private static final int PART_OF_HEAP = 4;

    @Bean
    RowMemory rowMemory() {
        return new RowMemory(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }

    @Bean
    RasterBudget rasterBudget(ExportSettings settings) {
        return new RasterBudget(settings.pictureMemory().toBytes());
    }

    @Bean
    ReadLimits readLimits(Limits limits) {
        return ReadLimits.withRow(Math.toIntExact(limits.annotation().toBytes()), limits.queryTime());
    }

    @Bean
    SpoolStore spoolStore(ExportSettings settings) {
        return new SpoolStore(settings.spoolDirectory(), settings.spool().quota().toBytes());
    }

    @Bean(destroyMethod = "shutdownNow")
    ExecutorService exportWorkers(ExportSettings settings) {
        return Executors.newFixedThreadPool(
                settings.threads(), Thread.ofPlatform().name("export-worker-", 1).daemon().factory());
    }

    /** One connection's worth of work, done when there is some; what waits at the end is little. */
    @Bean(destroyMethod = "close")
    ThreadPoolExecutor keptJsonWriter() {
        ThreadPoolExecutor writer = new ThreadPoolExecutor(
                1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Thread.ofPlatform().name("kept-json").daemon().factory());
        writer.allowCoreThreadTimeOut(true);
        return writer;
    }

    @Bean
    Workplace workplace(
            SpoolStore spool, BlobStore blobs, ExecutorService exportWorkers, ExportSettings settings, Limits limits, ExportMeters meters) {
        OutboundPipe.Patience patience = new OutboundPipe.Patience(limits.slowest().toBytes(), limits.slowestOver());
        return new Workplace(spool, blobs, exportWorkers, new Backlog(settings.threads()), settings.threads() + 2, patience, meters);
    }
}
