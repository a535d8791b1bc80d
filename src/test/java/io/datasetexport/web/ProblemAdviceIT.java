package io.datasetexport.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import({DatabaseTestConfiguration.class, ProblemAdviceIT.Failures.class})
@OneAtATime
class ProblemAdviceIT {

    @LocalServerPort private int port;

    @ParameterizedTest
    @ValueSource(strings = {"/fail/exception", "/fail/error", "/fail/late", "/fail/statement"})
    void aFailureTellsNothingOfTheInside(String path) throws IOException {
        Wire.Answer answer = new Wire(port).get(path);
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.problem()).isEqualTo("internal");
        assertThat(answer.body()).doesNotContain("secret", "Exception", "Error", "PK");
        assertThat(answer.header("content-disposition")).isEmpty();
        assertThat(answer.header("etag")).isEmpty();
        assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
    }

    @Test
    void aRefusalSaysWhenToComeBack() throws IOException {
        Wire.Answer answer = new Wire(port).get("/fail/busy");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("retry-after")).isEqualTo("7");
        assertThat(answer.json().get("running").intValue()).isEqualTo(16);
    }

    /** The body must not end as if it were whole. */
    @ParameterizedTest
    @ValueSource(strings = {"/fail/committed", "/fail/committed-refused"})
    void aFailureAfterTheFirstByteBreaksTheBody(String path) throws IOException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build();
            assertThatThrownBy(() -> client.send(request, BodyHandlers.ofByteArray())).isInstanceOf(IOException.class);
        }
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8)).startsWith("HTTP/1.1 200").doesNotEndWith("0\r\n\r\n")
                    .doesNotContain("problems");
        }
    }

    @TestConfiguration
    @RestController
    static class Failures {

        @GetMapping("/fail/exception")
        void exception() {
            throw new IllegalStateException("secret select * from dataset");
        }

        @GetMapping("/fail/error")
        void error() {
            throw new AssertionError("secret");
        }

        @GetMapping("/fail/statement")
        void statement() {
            throw new BadSqlGrammarException("Look", "select secret from dataset where secret", new SQLException("there is no such column"));
        }

        @GetMapping("/fail/late")
        void late(HttpServletResponse response) throws IOException {
            response.setContentType("application/zip");
            response.setHeader("Content-Disposition", "attachment; filename=cats.zip");
            response.setHeader("ETag", "\"x\"");
            response.getOutputStream().write("PK".getBytes(UTF_8));
            throw new IllegalStateException("secret");
        }

        @GetMapping("/fail/busy")
        void busy() {
            throw new RequestRefused(ProblemType.OVERLOADED, "Sixteen exports are running.").with("retryAfter", 7).with("running", 16);
        }

        @GetMapping("/fail/committed")
        void committed(HttpServletResponse response) throws IOException {
            response.setContentType("application/zip");
            response.getOutputStream().write(new byte[100_000]);
            response.flushBuffer();
            throw new IllegalStateException("secret");
        }

        @GetMapping("/fail/committed-refused")
        void committedRefused(HttpServletResponse response) throws IOException {
            response.getOutputStream().write(new byte[100_000]);
            response.flushBuffer();
            throw new RequestRefused(ProblemType.CONFLICT, "Too late.");
        }
    }
}
