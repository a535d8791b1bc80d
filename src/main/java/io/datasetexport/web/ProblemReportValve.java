package io.datasetexport.web;

import io.datasetexport.problem.ProblemType;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;

/** Answers for what Tomcat refuses before any application sees it, such as a broken escape in the path; Tomcat makes it by name. */
public class ProblemReportValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, Throwable failure) {
        if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        AtomicBoolean connected = new AtomicBoolean();
        response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, connected);
        if (!connected.get()) {
            return;
        }
        ProblemType type = ProblemType.ofStatus(response.getStatus());
        byte[] problem = Problems.json(type, type.title() + ".", null, Problems.path(request), Envelope.requestId(request), Map.of());
        try {
            Envelope.headers(request, response);
            response.setContentType(Problems.MEDIA_TYPE);
            response.setCharacterEncoding(StandardCharsets.UTF_8.name());
            PrintWriter writer = response.getReporter();
            if (writer != null) {
                writer.write(new String(problem, StandardCharsets.UTF_8));
                response.finishResponse();
            }
        } catch (IOException e) {
            getContainer().getLogger().debug("The client did not wait for its refusal", e);
        }
    }
}
