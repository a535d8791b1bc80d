package io.datasetexport.access;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says how to run the service for others, instead of a stack trace. */
final class NotOnlyLoopbackFailureAnalyzer extends AbstractFailureAnalyzer<NotOnlyLoopback> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, NotOnlyLoopback cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Set server.address=127.0.0.1, or, when only people who may see and change everything can reach the service "
                        + "(a container, a network behind a proxy that asks who they are), dataset-export.access.trusted-network=true.",
                cause);
    }
}
