package io.datasetexport.access;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says how to run the service safely, instead of a stack trace. */
final class UnsafeSettingsFailureAnalyzer extends AbstractFailureAnalyzer<UnsafeSettings> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnsafeSettings cause) {
        return new FailureAnalysis(cause.getMessage(), cause.wayOut(), cause);
    }
}
