package io.datasetexport.pipeline;

import io.datasetexport.archive.EncodedEntry;
import io.datasetexport.archive.ZipWriter;
import io.datasetexport.blob.BlobStore;
import io.datasetexport.format.AnnotationOrder;
import io.datasetexport.format.FormatWriter;
import io.datasetexport.model.Annotation;
import io.datasetexport.read.AnnotatedItem;
import io.datasetexport.read.AnnotationSlices;
import io.datasetexport.read.ItemVisitor;
import io.datasetexport.read.RowMemory;
import io.datasetexport.read.Snapshot;
import io.datasetexport.spool.OutboundPipe;
import io.datasetexport.spool.SpoolStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * One archive in the making: a thread reads rows, the workers render and compress them, a thread puts the pieces in order, and the
 * caller's thread sends them. Each side waits only for a bounded queue; a slow client makes the spool grow, not the transaction last.
 * The files of items come after all rows: the caller's thread copies them straight to the client.
 *
 * <p>The first failure anywhere stops all of it: {@link #sendTo} throws, and nothing after it can make the archive look whole.
 */
public final class ArchiveRun implements AutoCloseable {

    private final Snapshot snapshot;
    private final Layout layout;
    private final ArchiveTexts texts;
    private final SpoolStore store;
    private final BlobStore blobs;
    private final Executor workers;
    private final Backlog backlog;
    private final Progress progress;
    private final OutboundPipe pipe;
    private final Assembly assembly;
    // Each line of the log says whose it is, whichever thread writes it.
    private final UnaryOperator<Runnable> logged;
    private final BlockingQueue<Pending> queue;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CompletableFuture<Rest> rest = new CompletableFuture<>();
    private volatile boolean whole;

    /**
     * What a complete archive holds.
     *
     * @param bytes of the archive
     */
    public record Summary(Tally tally, long entries, long bytes) {}

    /**
     * What is known when all rows are read.
     *
     * @param manifest the last entry
     */
    private record Rest(Summary archive, EncodedEntry manifest) {}

    /** A run of items on its way through the workers; the last one has no future. */
    private record Pending(@Nullable CompletableFuture<RenderedRun> run, RowMemory.@Nullable Lease lease, boolean endsItem) {
        static final Pending END = new Pending(null, null, false);
        static final Pending END_OF_ITEM = new Pending(null, null, true);

        /** Gives back what the run holds; of one that is still rendered, when that is done. */
        void release() {
            if (run != null) {
                run.handle((rendered, failed) -> {
                    if (rendered != null) {
                        rendered.close();
                    }
                    return null;
                }).join();
            }
            if (lease != null) {
                lease.close();
            }
        }
    }

    private ArchiveRun(
            Snapshot snapshot, List<FormatWriter> writers, ArchiveTexts texts, Workplace workplace, DocumentKeeper keeper) {
        this.snapshot = snapshot;
        this.layout = new Layout(writers, workplace.spool(), keeper);
        this.texts = texts;
        this.store = workplace.spool();
        this.blobs = workplace.blobs();
        Map<String, String> starter = MDC.getCopyOfContextMap();
        this.logged = task -> () -> logged(starter, task);
        this.workers = task -> workplace.workers().execute(logged.apply(task));
        this.backlog = workplace.backlog();
        this.progress = workplace.progress();
        this.pipe = new OutboundPipe(store, workplace.patience());
        this.assembly = new Assembly(layout, pipe, store, workers);
        this.queue = new ArrayBlockingQueue<>(workplace.ahead());
    }

    /**
     * Starts to read and render; the snapshot belongs to the run from now on and is closed when its rows are read.
     *
     * @param keeper is given the documents of items that were rendered, if there is one writer and all of each item lies in one entry
     */
    public static ArchiveRun start(
            Snapshot snapshot, List<FormatWriter> writers, ArchiveTexts texts, Workplace workplace, DocumentKeeper keeper) {
        ArchiveRun run = new ArchiveRun(snapshot, writers, texts, workplace, keeper);
        // Its reads of the connection wait for milliseconds each time: a virtual thread would be parked and woken a hundred thousand times.
        run.threads.add(Thread.ofPlatform().daemon().name("export-read").start(run.logged.apply(run::read)));
        run.threads.add(Thread.ofVirtual().name("export-assemble").start(run.logged.apply(run::assemble)));
        return run;
    }

    /**
     * What the archive will hold, and its length; waits until all rows are read.
     *
     * @throws IOException when they can't be; its cause says why
     */
    public Summary measure() throws IOException {
        return rest().archive();
    }

    private Rest rest() throws IOException {
        try {
            return rest.get();
        } catch (ExecutionException e) {
            throw new IOException("The archive can't be completed", e.getCause());
        } catch (InterruptedException e) {
            throw shuttingDown();
        }
    }

    /**
     * Sends the archive, byte after byte, until its end.
     *
     * @throws IOException when the archive can't be completed or {@code out} can't take it; its cause says why
     */
    public Summary sendTo(OutputStream out) throws IOException {
        return sendTo(out, 0, Long.MAX_VALUE);
    }

    /**
     * Sends a part of the archive. Files that lie before or behind it are not read.
     *
     * @throws IOException as {@link #sendTo(OutputStream)}
     */
    public Summary sendTo(OutputStream out, long first, long count) throws IOException {
        Client client = new Client(out);
        long end = first + count;
        if (sendRows(client, first, end) < end) {
            Rest known = rest();
            assembly.completeOn(client, first, end, blobs, known.manifest());
            if (assembly.written() != known.archive().bytes()) {
                throw new IllegalStateException(
                        "The archive has " + assembly.written() + " bytes and not " + known.archive().bytes());
            }
            whole = true;
        }
        return measure();
    }

    /** Returns how many bytes of the archive lie behind, sent or not: those that were made of rows, or all that are wanted. */
    private long sendRows(Client client, long first, long end) throws IOException {
        long position = 0;
        try {
            for (byte[] chunk = pipe.take(); chunk != null; chunk = position < end ? pipe.take() : null) {
                int from = Math.clamp(first - position, 0, chunk.length);
                int to = Math.clamp(end - position, from, chunk.length);
                position += chunk.length;
                if (from < to) {
                    client.write(chunk, from, to - from);
                    if (chunk.length < FULL_CHUNK) {
                        client.flush();
                    }
                }
            }
        } catch (InterruptedException e) {
            throw shuttingDown();
        }
        return position;
    }

    /** The client's connection: what fails there is no fault of the archive. */
    private final class Client extends OutputStream {

        private final OutputStream out;

        Client(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            try {
                out.write(bytes, from, count);
            } catch (IOException e) {
                throw new ClientGone(e);
            }
            progress.sent(count);
        }

        @Override
        public void flush() throws IOException {
            try {
                out.flush();
            } catch (IOException e) {
                throw new ClientGone(e);
            }
        }
    }

    private static InterruptedIOException shuttingDown() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("The service is shutting down");
    }

    /** A chunk that is smaller left the pipe because nothing else was there: it is not held back. */
    private static final int FULL_CHUNK = 64 * 1024;

    /** Stops what still runs, and returns when nothing of it is left: no thread, no file, no connection. */
    @Override
    public void close() {
        pipe.close();
        if (!whole) {
            fail(new IOException("The export was closed"));
        }
        for (Thread thread : threads) {
            boolean interrupted = Thread.interrupted();
            while (true) {
                try {
                    thread.join();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        assembly.close();
    }

    private static void logged(@Nullable Map<String, String> starter, Runnable task) {
        Map<String, String> before = MDC.getCopyOfContextMap();
        MDC.setContextMap(starter == null ? Map.of() : starter);
        try {
            task.run();
        } finally {
            MDC.setContextMap(before == null ? Map.of() : before);
        }
    }

    private void fail(Throwable cause) {
        if (failure.compareAndSet(null, cause)) {
            pipe.fail(cause);
            rest.completeExceptionally(cause);
            snapshot.cancel();
        }
    }

    private void read() {
        try (snapshot) {
            snapshot.read(new Submission(), layout.reads());
        } catch (Throwable e) {
            fail(e);
        }
        try {
            queue.put(Pending.END);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts the reader", e);
        }
    }

    /** Hands on what the workers have begun, and waits until there is use for more. */
    private void submit(CompletableFuture<RenderedRun> run, RowMemory.Lease lease) throws InterruptedException {
        queue.put(new Pending(run, lease, false));
        backlog.add(run);
    }

    /** Hands what was read to the workers, in order. */
    private final class Submission implements ItemVisitor {

        @Override
        public void missingItems(List<String> ids) throws InterruptedException {
            queue.put(new Pending(CompletableFuture.completedFuture(RunRenderer.missing(layout, ids)), null, false));
        }

        @Override
        public void items(List<AnnotatedItem> items, RowMemory.Lease lease) throws InterruptedException {
            submit(CompletableFuture.supplyAsync(() -> RunRenderer.items(layout, items), workers), lease);
        }

        @Override
        public void bigItem(AnnotatedItem item, AnnotationSlices slices) throws IOException, InterruptedException {
            BigItem big = new BigItem(item);
            List<AnnotationOrder> orders =
                    layout.writers.stream().map(FormatWriter::order).distinct().sorted().toList();
            for (AnnotationOrder order : orders) {
                BigItemSubmission submission =
                        new BigItemSubmission(big, order, order == orders.getFirst(), order == orders.getLast());
                switch (order) {
                    case ORDINAL -> slices.inSourceOrder(submission);
                    case LABEL -> slices.byLabel(submission);
                }
            }
            queue.put(Pending.END_OF_ITEM);
        }
    }

    /** Hands the slices of a big item to the workers, each after the one before. */
    private final class BigItemSubmission implements AnnotationSlices.SliceVisitor {

        private final BigItem big;
        private final AnnotationOrder order;
        private final boolean firstOrder;
        private final boolean lastOrder;
        private boolean first = true;

        BigItemSubmission(BigItem big, AnnotationOrder order, boolean firstOrder, boolean lastOrder) {
            this.big = big;
            this.order = order;
            this.firstOrder = firstOrder;
            this.lastOrder = lastOrder;
        }

        @Override
        public void slice(List<Annotation> annotations, boolean last, RowMemory.Lease lease)
                throws InterruptedException {
            BigItem.Slice slice = new BigItem.Slice(
                    order, annotations, first, last, first && firstOrder, firstOrder, last && lastOrder);
            first = false;
            submit(big.renderNext(item -> RunRenderer.slice(layout, item, slice), workers), lease);
        }
    }

    private void assemble() {
        boolean more = true;
        try {
            assembly.add("_export/dataset.json", texts.dataset());
            pipe.flush();
        } catch (Throwable e) {
            fail(e);
        }
        while (more) {
            more = assembleNext();
        }
        if (failure.get() == null) {
            try {
                finishRows();
            } catch (Throwable e) {
                fail(e);
            }
        }
    }

    /** Takes the next run; after a failure runs are only taken, so that the reader never waits for ever. */
    private boolean assembleNext() {
        Pending pending;
        try {
            pending = queue.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts the assembly", e);
        }
        try {
            if (pending == Pending.END) {
                return false;
            }
            if (failure.get() == null) {
                if (pending.run() != null) {
                    RenderedRun rendered = pending.run().join();
                    assembly.add(rendered);
                    progress.assembled(rendered.tally.items(), rendered.tally.annotations(), rendered.copied);
                }
                if (pending.endsItem()) {
                    assembly.closePieces();
                }
                pipe.flush();
            }
        } catch (CompletionException e) {
            fail(e.getCause() == null ? e : e.getCause());
        } catch (Throwable e) {
            fail(e);
        } finally {
            pending.release();
        }
        return true;
    }

    private void finishRows() throws IOException {
        try (RenderedRun end = RunRenderer.end(layout)) {
            assembly.add(end);
        }
        assembly.writeLongEntries();
        EncodedEntry manifest = Assembly.encode(
                "_export/manifest.json", texts.manifest(assembly.tally(), assembly.entries() + assembly.files() + 1));
        ZipWriter.Forecast forecast = assembly.forecast(manifest);
        rest.complete(new Rest(new Summary(assembly.tally(), forecast.entries(), forecast.length()), manifest));
        pipe.finish();
    }
}
