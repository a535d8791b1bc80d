package io.datasetexport.access;

import static io.datasetexport.access.Action.ASSIGN;
import static io.datasetexport.access.Action.CHANGE;
import static io.datasetexport.access.Action.EXPORT;
import static io.datasetexport.access.Action.EXPORT_ITEM;
import static io.datasetexport.access.Action.SEE;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A member's role in a project, by the platform's names, and what it may do. */
public enum Role {
    OWNER("owner", EnumSet.allOf(Action.class)),
    ENGINEER("engineer", EnumSet.of(SEE, EXPORT_ITEM, EXPORT, CHANGE, ASSIGN)),
    ANNOTATION_MANAGER("annotationManager", EnumSet.of(SEE, EXPORT_ITEM, EXPORT, ASSIGN)),
    /** Of assigned items only. */
    ANNOTATOR("annotator", EnumSet.of(SEE, EXPORT_ITEM)),
    /** Another back end: what its scopes say. */
    SERVICE("service", EnumSet.noneOf(Action.class));

    private final String id;
    private final Set<Action> allowed;

    Role(String id, Set<Action> allowed) {
        this.id = id;
        this.allowed = allowed;
    }

    /** The platform's name. */
    public String id() {
        return id;
    }

    public static Optional<Role> named(String id) {
        return Stream.of(values()).filter(role -> role.id.equals(id)).findFirst();
    }

    boolean may(Action action) {
        return allowed.contains(action);
    }
}
