package io.datasetexport.access;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Without an identity provider the service would be open to whoever can reach the configured address. */
final class NotOnlyLoopback extends IllegalStateException {

    NotOnlyLoopback(@Nullable InetAddress address) {
        super("The service knows only one caller, who owns everything, and would listen on "
                + (address == null ? "every address of this machine" : address.getHostAddress()) + ".");
    }
}
