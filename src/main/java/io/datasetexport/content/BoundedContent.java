package io.datasetexport.content;

import io.datasetexport.problem.RequestRefused;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

/** Content of unknown length that is refused when it turns out longer than it may be. */
public final class BoundedContent extends FilterInputStream {

    private final long most;
    private final Supplier<RequestRefused> refusal;
    private long read;

    /**
     * @param most bytes
     * @param refusal what reading throws behind them
     */
    public BoundedContent(InputStream in, long most, Supplier<RequestRefused> refusal) {
        super(in);
        this.most = most;
        this.refusal = refusal;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
        int got = in.read(into, from, count);
        read += Math.max(0, got);
        if (read > most) {
            throw refusal.get();
        }
        return got;
    }
}
