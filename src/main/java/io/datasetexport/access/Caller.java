package io.datasetexport.access;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request.
 *
 * @param subject stable name of the caller, as members of projects are named
 * @param ownsEverything the local mode's one owner: owner of every project without being a member
 * @param token what narrows the caller; null when nothing does
 */
public record Caller(String subject, boolean ownsEverything, @Nullable Token token) {

    /** The one caller of a service without an identity provider. */
    public static final Caller LOCAL = new Caller("local", true);

    public Caller(String subject, boolean ownsEverything) {
        this(subject, ownsEverything, null);
    }

    /**
     * A token that the caller showed: it never allows more than the caller's role.
     *
     * @param scopes what it is good for
     * @param projectKey the one project that it is good for; null for all of the caller's
     */
    public record Token(UUID id, Set<Scope> scopes, @Nullable Long projectKey) {
        public Token {
            scopes = Set.copyOf(scopes);
        }
    }
}
