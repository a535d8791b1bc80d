package io.datasetexport.web;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Tells the audit how much was sent, also of an answer that was cut. */
final class SentBytes extends FilterOutputStream {

    private final AuditTrail.Note note;

    SentBytes(OutputStream out, AuditTrail.Note note) {
        super(out);
        this.note = note;
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
        note.sent(1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        note.sent(length);
    }
}
