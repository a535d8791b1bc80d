package io.datasetexport.export;

import io.datasetexport.export.ExportRequest.Options;
import io.datasetexport.export.ExportRequest.Profile;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;

/** What the contract has and this version can't do: refused by name, never done halfway. */
final class NotAvailable {

    private NotAvailable() {}

    static void refuse(ExportRequest request) {
        if (request.profile() != Profile.PLATFORM) {
            throw refused("profile " + ExportRequest.id(request.profile()), "/profile");
        }
        Options asked = request.options();
        Options done = Options.DEFAULT;
        if (asked.naming() != done.naming()) {
            throw refused("naming " + ExportRequest.id(asked.naming()), "/options/naming");
        }
        if (asked.flatten() == ExportRequest.Flatten.ALL) {
            throw refused("flatten " + ExportRequest.id(asked.flatten()), "/options/flatten");
        }
    }

    private static RequestRefused refused(String what, String pointer) {
        return new RequestRefused(ProblemType.NOT_AVAILABLE, "This version can't export " + what + ".", pointer);
    }
}
