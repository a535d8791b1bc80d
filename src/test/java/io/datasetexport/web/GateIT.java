package io.datasetexport.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;

/** Nobody but this machine's own programs gets in, whatever a web page tries. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(DatabaseTestConfiguration.class)
@OneAtATime
class GateIT {

    @LocalServerPort private int port;

    @ParameterizedTest
    @CsvSource({
        "GET,     /api/v1/datasets,             Host: evil.example",
        "GET,     /api/v1/datasets/cats/export, Host: evil.example",
        "GET,     /actuator/health,             Host: evil.example",
        "GET,     /v3/api-docs,                 Host: evil.example",
        "GET,     /no/such/path,                Host: evil.example",
        "GET,     /api/v1/datasets,             Host: localhost.evil.example",
        "GET,     /api/v1/datasets,             Host: localhost|Origin: http://evil.example",
        "POST,    /api/v1/datasets,             Host: localhost|Origin: http://evil.example",
        "POST,    /api/v1/datasets,             Host: localhost|Origin: null",
        "DELETE,  /api/v1/datasets/cats,        Host: localhost|Origin: http://localhost:3000",
        "OPTIONS, /api/v1/datasets,             Host: localhost|Origin: http://evil.example|Access-Control-Request-Method: POST",
        "GET,     /api/v1/datasets,             Host: localhost|Sec-Fetch-Site: cross-site|Sec-Fetch-Mode: no-cors",
    })
    void keepsOut(String method, String path, String headers) throws IOException {
        Wire.Answer answer = send(method, path, headers);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.problem()).isEqualTo("forbidden");
        assertThat(answer.header("access-control-allow-origin")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Host: localhost", "Host: 127.0.0.1:8080", "Host: [::1]:8080", "Host: localhost|Origin: http://localhost",
        "Host: localhost:8080|Origin: http://localhost:8080"
    })
    void letsIn(String headers) throws IOException {
        Wire.Answer answer = send("GET", "/api/v1/datasets", headers);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void listensOnLoopbackOnly() throws IOException {
        Optional<Inet4Address> outer = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .map(Inet4Address.class::cast)
                .findFirst();
        Assumptions.assumeTrue(outer.isPresent(), "this machine has no other address");
        try (Socket socket = new Socket()) {
            assertThat(catchThrowable(() -> socket.connect(new InetSocketAddress(outer.get(), port), 2000)))
                    .isInstanceOf(IOException.class);
        }
    }

    private Wire.Answer send(String method, String path, String headers) throws IOException {
        return new Wire(port)
                .raw((method + " " + path + " HTTP/1.1\r\n" + headers.replace("|", "\r\n") + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                        .getBytes(UTF_8));
    }
}
