package io.datasetexport.embedded;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The embedded database cannot be used: why, and what to do about it. */
public final class EmbeddedPostgresUnavailable extends RuntimeException {

    private static final String OWN_DATABASE = "set spring.datasource.url to a database of your own";

    private final String action;

    private EmbeddedPostgresUnavailable(String description, String action, @Nullable Throwable cause) {
        super(description, cause);
        this.action = action;
    }

    static EmbeddedPostgresUnavailable inUse(Path cluster, String holder) {
        return new EmbeddedPostgresUnavailable(
                "Another running instance" + holder + " is using the embedded database in " + cluster + ".",
                "Stop that instance, or set dataset-export.data-dir to another folder, or " + OWN_DATABASE + ".",
                null);
    }

    static EmbeddedPostgresUnavailable otherVersion(Path cluster, String found, int ours) {
        return new EmbeddedPostgresUnavailable(
                "The embedded database in " + cluster + " was made by PostgreSQL " + found + ", and this release runs PostgreSQL " + ours
                        + ", which cannot read it. Nothing was changed.",
                "To keep the data, start a PostgreSQL " + found + " on that folder (pg_ctl -D " + cluster + " start) and " + OWN_DATABASE
                        + ", or carry it over with pg_upgrade or pg_dump. To start with an empty database, move the folder away.",
                null);
    }

    static EmbeddedPostgresUnavailable notACluster(Path cluster) {
        return new EmbeddedPostgresUnavailable(
                cluster + " holds files, but is not a PostgreSQL data directory. Nothing was changed.",
                "Move it away, or set dataset-export.data-dir to another folder.",
                null);
    }

    static EmbeddedPostgresUnavailable noServerFor(String platform) {
        return new EmbeddedPostgresUnavailable(
                "This build carries no PostgreSQL server for " + platform + ".",
                "Build it on this platform, or " + OWN_DATABASE + ".",
                null);
    }

    static EmbeddedPostgresUnavailable failed(String what, String log) {
        return new EmbeddedPostgresUnavailable(
                what + " failed. PostgreSQL said:\n\n" + log.indent(4),
                "Put right what PostgreSQL names, or " + OWN_DATABASE + ". The superuser can run the embedded server only where"
                        + " \"unshare -U\" works: elsewhere run the service as an ordinary user.",
                null);
    }

    static EmbeddedPostgresUnavailable unusableFolder(Path folder, Exception cause) {
        return new EmbeddedPostgresUnavailable(
                "The embedded database cannot use the folder " + folder + ": " + cause,
                "Make it writable, or set dataset-export.data-dir to another folder, or " + OWN_DATABASE + ".",
                cause);
    }

    String action() {
        return action;
    }
}
