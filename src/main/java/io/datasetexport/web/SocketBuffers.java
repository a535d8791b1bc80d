package io.datasetexport.web;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** Lets each call into the kernel carry more of an archive than Tomcat's 8 kB, copied once less. */
@Component
final class SocketBuffers implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    /** Outside the heap, for each connection: 64 MB when all that Tomcat accepts are open. */
    private static final int WRITE = 64 * 1024;

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addConnectorCustomizers(connector -> {
            connector.setProperty("socket.appWriteBufSize", Integer.toString(WRITE));
            connector.setProperty("socket.directBuffer", "true");
        });
    }
}
