package io.datasetexport.access;

import static io.datasetexport.access.Action.ADMINISTER;
import static io.datasetexport.access.Action.ASSIGN;
import static io.datasetexport.access.Action.CHANGE;
import static io.datasetexport.access.Action.DOWNLOAD_FILES;
import static io.datasetexport.access.Action.EXPORT;
import static io.datasetexport.access.Action.EXPORT_ITEM;
import static io.datasetexport.access.Action.SEE;

import java.sql.Array;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a token is good for at most, and what a service may do; each includes seeing. */
public enum Scope {
    READ("datasets:read", EnumSet.of(SEE)),
    EXPORT_DATASETS("datasets:export", EnumSet.of(SEE, EXPORT_ITEM, EXPORT)),
    WRITE("datasets:write", EnumSet.of(SEE, CHANGE, ASSIGN)),
    FILES("files:download", EnumSet.of(SEE, DOWNLOAD_FILES)),
    ADMIN("project:admin", EnumSet.of(SEE, ADMINISTER));

    /** Item files and members are for people: no grant to a service includes them. */
    public static final Set<Scope> OF_SERVICES = Set.of(READ, EXPORT_DATASETS, WRITE);

    private final String id;
    private final Set<Action> allowed;

    Scope(String id, Set<Action> allowed) {
        this.id = id;
        this.allowed = allowed;
    }

    public String id() {
        return id;
    }

    public static Optional<Scope> named(String id) {
        return Stream.of(values()).filter(scope -> scope.id.equals(id)).findFirst();
    }

    static Set<Scope> of(@Nullable Array ids) throws SQLException {
        return ids == null
                ? Set.of()
                : Stream.of((String[]) ids.getArray()).flatMap(id -> named(id).stream()).collect(Collectors.toUnmodifiableSet());
    }

    static String[] ids(Set<Scope> scopes) {
        return scopes.stream().map(Scope::id).sorted().toArray(String[]::new);
    }

    static boolean allow(Set<Scope> scopes, Action action) {
        return scopes.stream().anyMatch(scope -> scope.allowed.contains(action));
    }
}
