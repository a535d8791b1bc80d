package io.datasetexport.access;

/**
 * Who sent a request.
 *
 * @param subject stable name of the caller, as members of projects are named
 * @param ownsEverything the local mode's one owner: owner of every project without being a member
 */
public record Caller(String subject, boolean ownsEverything) {

    /** The one caller of a service without an identity provider. */
    public static final Caller LOCAL = new Caller("local", true);
}
