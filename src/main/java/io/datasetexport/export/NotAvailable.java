package io.datasetexport.export;

import io.datasetexport.export.ExportRequest.Options;
import io.datasetexport.export.ExportRequest.Profile;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.util.EnumSet;
import java.util.Set;

/** What the contract has and this version can't do: refused by name, never done halfway. */
final class NotAvailable {

    private static final Set<ExportFormat> FORMATS = EnumSet.complementOf(EnumSet.of(ExportFormat.ITEMS));

    private NotAvailable() {}

    static void refuse(ExportRequest request) {
        for (ExportFormat format : request.include()) {
            if (!FORMATS.contains(format)) {
                throw refused(format.id(), "/include");
            }
        }
        if (request.profile() != Profile.PLATFORM) {
            throw refused("profile " + ExportRequest.id(request.profile()), "/profile");
        }
        Options asked = request.options();
        Options done = Options.DEFAULT;
        if (asked.naming() != done.naming()) {
            throw refused("naming " + ExportRequest.id(asked.naming()), "/options/naming");
        }
        if (asked.flatten() != done.flatten()) {
            throw refused("flatten " + ExportRequest.id(asked.flatten()), "/options/flatten");
        }
        if (asked.unavailable() != done.unavailable()) {
            throw refused("unavailable " + ExportRequest.id(asked.unavailable()), "/options/unavailable");
        }
    }

    private static RequestRefused refused(String what, String pointer) {
        return new RequestRefused(ProblemType.NOT_AVAILABLE, "This version can't export " + what + ".", pointer);
    }
}
