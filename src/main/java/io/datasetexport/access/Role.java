package io.datasetexport.access;

import java.util.EnumSet;
import java.util.Set;

/** A member's role in a project, by the platform's names. */
enum Role {
    OWNER("owner", EnumSet.allOf(Action.class)),
    ENGINEER("engineer", EnumSet.of(Action.SEE, Action.EXPORT, Action.CHANGE)),
    ANNOTATION_MANAGER("annotationManager", EnumSet.of(Action.SEE, Action.EXPORT)),
    ANNOTATOR("annotator", EnumSet.of(Action.SEE));

    private final String id;
    private final Set<Action> allowed;

    Role(String id, Set<Action> allowed) {
        this.id = id;
        this.allowed = allowed;
    }

    boolean may(Action action) {
        return allowed.contains(action);
    }

    static Role named(String id) {
        for (Role role : values()) {
            if (role.id.equals(id)) {
                return role;
            }
        }
        throw new IllegalStateException("The database has a role " + id);
    }
}
