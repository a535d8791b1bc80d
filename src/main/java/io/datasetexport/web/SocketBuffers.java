package io.datasetexport.web;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** Lets each call into the kernel carry more of an archive than Tomcat's 8 kB. */
@Component
final class SocketBuffers implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    /** On the heap: Tomcat frees buffers outside it by ways that the JDK warns about. */
    private static final int WRITE = 32 * 1024;

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addConnectorCustomizers(connector -> connector.setProperty("socket.appWriteBufSize", Integer.toString(WRITE)));
    }
}
