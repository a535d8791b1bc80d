package io.datasetexport.export;

import java.io.IOException;
import java.util.UUID;

/** An archive will never be whole; the message says which export and why in one line, fit for a log and not for a client. */
public final class ExportCut extends IOException {

    private final boolean bug;

    ExportCut(UUID export, String datasetId, String reason, Throwable cause) {
        super("Export " + export + " of dataset " + datasetId + " was cut, " + reason + ": " + innermost(cause), cause);
        this.bug = reason.equals("internal");
    }

    /** Whether nobody foresaw it, so that the log should have all of it. */
    public boolean isBug() {
        return bug;
    }

    private static String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString();
    }
}
