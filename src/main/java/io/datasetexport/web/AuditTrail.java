package io.datasetexport.web;

import io.datasetexport.access.Act;
import io.datasetexport.access.Audit;
import io.datasetexport.access.Caller;
import io.datasetexport.access.ProjectRef;
import io.datasetexport.export.StartRates;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.AsyncHandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Around every endpoint that is {@link Audited}: may the caller begin so soon again, and how did it end? */
@Configuration(proxyBeanMethods = false)
class AuditTrail implements WebMvcConfigurer {

    private static final Logger log = LoggerFactory.getLogger(AuditTrail.class);

    private final Audit audit;
    private final StartRates rates;

    AuditTrail(Audit audit, StartRates rates) {
        this.audit = audit;
        this.rates = rates;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new Recorder());
        // After the recorder, which then records the refusal.
        registry.addInterceptor(new AsyncHandlerInterceptor() {
            @Override
            public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
                Note note = Note.of(request);
                if (note != null && note.act.startsWork() && note.caller != null) {
                    rates.take(note.caller);
                }
                return true;
            }
        });
    }

    /** What is known of an act while it is done; a controller adds what the address does not say. */
    static final class Note {

        private static final String NAME = Note.class.getName();

        /** More of a request than anybody reads; an export's own row has all of it. */
        private static final int LONGEST = 4000;

        private final Act act;
        private final @Nullable Caller caller;
        private @Nullable ProjectRef project;
        private @Nullable String projectId;
        private @Nullable String datasetId;
        private @Nullable String target;
        private @Nullable String asked;
        private long bytes;
        private boolean part;

        private Note(Act act, @Nullable Caller caller) {
            this.act = act;
            this.caller = caller;
        }

        static @Nullable Note of(HttpServletRequest request) {
            return request.getAttribute(NAME) instanceof Note note ? note : null;
        }

        /** The one of an endpoint that is audited. */
        static Note required(HttpServletRequest request) {
            Note note = of(request);
            if (note == null) {
                throw new IllegalStateException("The endpoint is not @Audited");
            }
            return note;
        }

        Note project(ProjectRef to) {
            project = to;
            projectId = to.id();
            return this;
        }

        Note dataset(String id) {
            datasetId = id;
            return this;
        }

        Note target(String what) {
            target = what;
            return this;
        }

        Note asked(String request) {
            asked = request.substring(0, Math.min(request.length(), LONGEST));
            return this;
        }

        Note sent(long count) {
            bytes += count;
            return this;
        }

        /** What is sent is a part of what the address stands for. */
        void part() {
            part = true;
        }
    }

    private final class Recorder implements AsyncHandlerInterceptor {

        @Override
        public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
            Audited audited = handler instanceof HandlerMethod method ? method.getMethodAnnotation(Audited.class) : null;
            if (audited != null && Note.of(request) == null) {
                Note note = new Note(audited.value(), CallerArgument.current());
                @SuppressWarnings("unchecked")
                Map<String, String> path = (Map<String, String>) request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
                note.datasetId = path.get("dataset");
                note.projectId = path.get("project");
                for (String name : new String[] {"item", "subject", "assignment", "id"}) {
                    note.target = note.target == null ? path.get(name) : note.target;
                }
                try {
                    if (note.datasetId != null || note.projectId != null) {
                        // Now: it may be gone when the act is done.
                        audit.projectOf(note.datasetId, note.projectId).ifPresent(note::project);
                    }
                } catch (DataAccessException e) {
                    log.debug("The act's project is not known", e.getMostSpecificCause());
                }
                request.setAttribute(Note.NAME, note);
            }
            return true;
        }

        @Override
        public void afterCompletion(HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
            Note note = Note.of(request);
            if (note == null || note.caller == null) {
                return;
            }
            request.removeAttribute(Note.NAME);
            int status = response.getStatus();
            String outcome = failure != null ? "aborted" : status >= 500 ? "failed" : status >= 400 ? "refused" : note.part ? "partial" : "finished";
            Caller.Token token = note.caller.token();
            audit.record(note.project, new Audit.Event(
                    0,
                    Instant.now(),
                    note.caller.subject(),
                    token == null ? null : token.id(),
                    note.act.id(),
                    note.projectId,
                    note.datasetId,
                    note.target,
                    note.asked,
                    outcome,
                    status,
                    note.bytes,
                    Envelope.requestId(request)));
        }
    }
}
