package io.datasetexport.web;

import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Lets each call into the kernel carry more of an archive than Tomcat's 8 kB: as much as a quarter of the heap holds for every connection
 * that there may be.
 */
@Component
final class SocketBuffers implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private static final int LEAST = 32 * 1024;
    private static final int MOST = 256 * 1024;

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addConnectorCustomizers(SocketBuffers::enlarge);
    }

    /** On the heap: Tomcat frees buffers outside it by ways that the JDK warns about. */
    private static void enlarge(Connector connector) {
        int connections = connector.getProtocolHandler() instanceof AbstractProtocol<?> protocol ? protocol.getMaxConnections() : -1;
        long share = connections > 0 ? Runtime.getRuntime().maxMemory() / 4 / connections : LEAST;
        connector.setProperty("socket.appWriteBufSize", Integer.toString(Math.clamp(share, LEAST, MOST)));
    }
}
