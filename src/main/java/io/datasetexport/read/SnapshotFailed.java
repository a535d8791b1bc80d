package io.datasetexport.read;

import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/** The database broke off while a snapshot was read. */
public final class SnapshotFailed extends IOException {

    private static final String CANCELLED = "57014";
    private static final String DATA_EXCEPTION = "22";

    SnapshotFailed(SQLException cause) {
        super("The database failed with SQLState " + cause.getSQLState(), cause);
    }

    /**
     * What to tell the caller when nothing has been sent yet; null when it is no matter of the request or the moment.
     *
     * @param place of the query in the request
     */
    public @Nullable RequestRefused refusal(String place) {
        String state = getCause() instanceof SQLException cause && cause.getSQLState() != null ? cause.getSQLState() : "";
        if (getCause() instanceof SQLTransientConnectionException) {
            return new RequestRefused(ProblemType.OVERLOADED, "The database has no connection to spare; try again soon.");
        }
        if (state.equals(CANCELLED)) {
            return new RequestRefused(ProblemType.QUERY_TIMEOUT, "The query took too long; ask for less, or for an index.", place);
        }
        if (state.startsWith(DATA_EXCEPTION)) {
            return new RequestRefused(
                    ProblemType.INVALID_FILTER, "Some value in the dataset can't be compared as the query asks for.", place);
        }
        return null;
    }
}
