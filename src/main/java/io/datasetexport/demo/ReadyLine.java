package io.datasetexport.demo;

import io.datasetexport.access.LocalMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Says that the service is ready, and the one command that shows what it does. The last line that a start logs. */
@Component
class ReadyLine {

    private static final Logger log = LoggerFactory.getLogger(ReadyLine.class);

    private final DemoDataset demo;
    private final LocalMode localMode;

    ReadyLine(DemoDataset demo, LocalMode localMode) {
        this.demo = demo;
        this.localMode = localMode;
    }

    @EventListener
    void ready(ApplicationReadyEvent event) {
        if (event.getApplicationContext() instanceof WebServerApplicationContext web && web.getWebServer() != null) {
            String path = event.getApplicationContext().getEnvironment().getProperty("server.servlet.context-path", "");
            log.info("Ready. Try: {}", command(web.getWebServer().getPort(), path, demo.isThere(), localMode.isOn()));
        }
    }

    /** Double quotes keep {@code ?} and {@code ,} from every shell: POSIX ones, PowerShell and cmd. */
    static String command(int port, String contextPath, boolean demoIsThere, boolean withoutToken) {
        String datasets = "http://localhost:" + port + contextPath + "/api/v1/datasets";
        String curl = withoutToken ? "curl " : "curl -H \"Authorization: Bearer $TOKEN\" ";
        return demoIsThere
                ? curl + "-OJ \"" + datasets + "/" + DemoScenes.ID + "/export?include=json,coco\""
                : curl + "\"" + datasets + "\"";
    }
}
