package io.datasetexport;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Reads all that is logged while tests run, and fails the class in whose time a line had one of the {@link Leaks}. */
public final class LogWatch extends AppenderBase<ILoggingEvent> {

    /** Who speaks when a service does not start, to whoever started it: where a class or a setting is, is part of the reason. */
    private static final Set<String> FAILED_START = Set.of(
            "org.springframework.boot.SpringApplication",
            "org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter",
            "org.springframework.boot.tomcat.servlet.DeferredServletContainerInitializers");

    private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
        if (!FAILED_START.contains(event.getLoggerName())) {
            String text =
                    event.getFormattedMessage() + " " + event.getMDCPropertyMap().values() + "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy());
            List<String> leaks = Leaks.in(text);
            if (!leaks.isEmpty()) {
                FOUND.add(leaks + " in: " + event.getLoggerName() + " " + text);
            }
        }
    }

    /** The lines that had some since it was asked last. */
    static List<String> found() {
        List<String> lines = new ArrayList<>();
        for (String line = FOUND.poll(); line != null; line = FOUND.poll()) {
            lines.add(line);
        }
        return lines;
    }

    /** JUnit finds it by itself. */
    public static final class Judge implements Extension, AfterAllCallback {

        @Override
        public void afterAll(ExtensionContext context) {
            assertThat(found()).as("lines of the log that hold what none may").isEmpty();
        }
    }
}
