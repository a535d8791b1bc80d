package io.datasetexport.export;

import java.io.IOException;
import java.util.UUID;

/**
 * An archive will never be whole: the connection must be broken.
 *
 * <p>The log has the reason, and this has no cause: Spring MVC takes an exception for a client that has left when anything in its causes
 * looks like an ended connection, the database's too, and then ends the answer as if it were whole.
 */
public final class ExportCut extends IOException {

    ExportCut(UUID export, String reason) {
        super("Export " + export + " was cut, " + reason);
    }
}
