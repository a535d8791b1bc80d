package io.datasetexport.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.datasetexport.OneAtATime;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Who gets in when tokens are asked for. */
@TokenMode
@OneAtATime
class TokenModeIT {

    private static final TestIssuer ISSUER = TokenMode.ISSUER;

    @LocalServerPort private int port;

    static Stream<Arguments> badTokens() throws Exception {
        RSAKey other = new RSAKeyGenerator(2048).keyID("k1").generate();
        JWSHeader rs256 = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k1").build();
        RSASSASigner ours = new RSASSASigner(ISSUER.key);
        byte[] publicKey = ("-----BEGIN PUBLIC KEY-----\n" + java.util.Base64.getMimeEncoder().encodeToString(ISSUER.key.toPublicKey().getEncoded())
                + "\n-----END PUBLIC KEY-----\n").getBytes(StandardCharsets.US_ASCII);
        String good = ISSUER.token("alice");
        return Stream.of(
                arguments("wrong issuer", ISSUER.sign(ISSUER.claims("alice").issuer("https://evil.example").build())),
                arguments("no issuer", ISSUER.sign(ISSUER.claims("alice").issuer(null).build())),
                arguments("wrong audience", ISSUER.sign(ISSUER.claims("alice").audience("another-service").build())),
                arguments("no audience", ISSUER.sign(ISSUER.claims("alice").audience((String) null).build())),
                arguments("algorithm none", new PlainJWT(ISSUER.claims("alice").build()).serialize()),
                arguments("HS256 with the public key", TestIssuer.sign(
                        new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(), ISSUER.claims("alice").build(), new MACSigner(publicKey))),
                arguments("HS256 with the modulus", TestIssuer.sign(
                        new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(), ISSUER.claims("alice").build(),
                        new MACSigner(ISSUER.key.getModulus().decode()))),
                arguments("an algorithm that is not pinned", TestIssuer.sign(
                        new JWSHeader.Builder(JWSAlgorithm.RS512).keyID("k1").build(), ISSUER.claims("alice").build(), ours)),
                arguments("expired", ISSUER.sign(ISSUER.claims("alice").expirationTime(TestIssuer.in(Duration.ofMinutes(-2))).build())),
                arguments("no expiry", ISSUER.sign(ISSUER.claims("alice").expirationTime(null).build())),
                arguments("not yet valid", ISSUER.sign(ISSUER.claims("alice").notBeforeTime(TestIssuer.in(Duration.ofMinutes(2))).build())),
                arguments("another key", TestIssuer.sign(rs256, ISSUER.claims("alice").build(), new RSASSASigner(other))),
                arguments("a key of its own", TestIssuer.sign(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(other.toPublicJWK()).jwkURL(URI.create("https://evil.example/keys")).build(),
                        ISSUER.claims("alice").build(),
                        new RSASSASigner(other))),
                arguments("unknown key", TestIssuer.sign(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k2").build(), ISSUER.claims("alice").build(), ours)),
                arguments("wrong type", TestIssuer.sign(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k1").type(new JOSEObjectType("logout+jwt")).build(),
                        ISSUER.claims("alice").build(),
                        ours)),
                arguments("no subject", ISSUER.sign(new JWTClaimsSet.Builder(ISSUER.claims("x").build()).subject(null).build())),
                arguments("the bootstrap token's subject", ISSUER.token("bootstrap")),
                arguments("the local owner", ISSUER.token("local")),
                arguments("a changed claim", good.replaceFirst("\\.[^.]{4}", ".eyJh")),
                arguments("no signature", good.substring(0, good.lastIndexOf('.') + 1)),
                arguments("garbage", "garbage"),
                arguments("empty", ""),
                arguments("almost the bootstrap token", TokenMode.BOOTSTRAP.substring(1)),
                arguments("a token that was never given", "dxp_" + "A".repeat(43)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badTokens")
    void letsNobodyInWith(String what, String token) throws IOException {
        Wire.Answer answer = send("GET", "/api/v1/datasets", "Authorization: Bearer " + token + "\r\n", "");
        isUnauthenticated(answer);
        assertThat(answer.body()).doesNotContain(token.isEmpty() ? "Bearer" : token);
    }

    @Test
    void letsInWhomTheIdentityProviderKnows() throws IOException {
        String type = ISSUER.sign(ISSUER.claims("alice").audience(List.of("another-service", TestIssuer.AUDIENCE)).build());
        assertThat(send("GET", "/api/v1/datasets", "Authorization: Bearer " + type + "\r\n", "").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/datasets", "/api/v1/limits", "/v3/api-docs", "/swagger-ui/index.html", "/no/such/path", "/actuator", "/actuator/env",
        "/error", "/"})
    void letsNobodyInWithout(String path) throws IOException {
        isUnauthenticated(send("GET", path, "", ""));
        isUnauthenticated(send("GET", path, "Authorization: Basic Ym9vdHN0cmFwOng=\r\n", ""));
    }

    @Test
    void tellsEverybodyWhetherItIsHealthy() throws IOException {
        Wire.Answer health = send("GET", "/actuator/health", "", "");
        assertThat(health.status()).isEqualTo(200);
        assertThat(health.body()).doesNotContain("details");
    }

    @Test
    void takesATokenFromTheHeaderOnly() throws IOException {
        String good = "Authorization: Bearer " + TokenMode.BOOTSTRAP + "\r\n";
        assertThat(send("GET", "/api/v1/datasets", good, "").status()).isEqualTo(200);
        isUnauthenticated(send("GET", "/api/v1/datasets?access_token=" + TokenMode.BOOTSTRAP, "", ""));
        isUnauthenticated(send("GET", "/api/v1/datasets?access_token=" + TokenMode.BOOTSTRAP, good, ""));
        isUnauthenticated(send("GET", "/api/v1/datasets", good + good, ""));
        isUnauthenticated(send("POST", "/api/v1/datasets", "Content-Type: application/x-www-form-urlencoded\r\n", "access_token=" + TokenMode.BOOTSTRAP));
    }

    @Test
    void aTokenIsShownOnceAndEndsWhenItIsRevoked() throws IOException {
        Wire.Answer made = as(TokenMode.BOOTSTRAP, "POST", "/api/v1/tokens", "{\"name\":\"script\",\"scopes\":[\"datasets:read\"]}");
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        String token = made.json().get("token").stringValue();
        assertThat(as(token, "GET", "/api/v1/datasets", "").status()).isEqualTo(200);
        Wire.Answer refused = as(token, "POST", "/api/v1/datasets", "{\"name\":\"d\"}");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.problem()).isEqualTo("forbidden");
        assertThat(as(TokenMode.BOOTSTRAP, "GET", "/api/v1/tokens", "").body()).contains("script").doesNotContain(token);
        String id = made.json().get("id").stringValue();
        assertThat(as(ISSUER.token("stranger"), "DELETE", "/api/v1/tokens/" + id, "").status()).isEqualTo(404);
        assertThat(as(TokenMode.BOOTSTRAP, "DELETE", "/api/v1/tokens/" + id, "").status()).isEqualTo(204);
        isUnauthenticated(as(token, "GET", "/api/v1/datasets", ""));
    }

    @Test
    void judgesByTheKeysItHasWhileTheProviderIsDownAndThenByNone() throws Exception {
        String header = "Authorization: Bearer " + ISSUER.token("alice") + "\r\n";
        int letIn = 0;
        // Where a machine is so slow that the keys are over before it asks, it asks again.
        for (int attempt = 0; attempt < 10 && letIn == 0; attempt++) {
            await().untilAsserted(() -> assertThat(send("GET", "/api/v1/datasets", header, "").status()).isEqualTo(200));
            try {
                ISSUER.down(true);
                int asked = ISSUER.asked();
                Wire.Answer answer = send("GET", "/api/v1/datasets", header, "");
                for (; answer.status() == 200; answer = send("GET", "/api/v1/datasets", header, "")) {
                    letIn += ISSUER.asked() > asked ? 1 : 0;
                    Thread.sleep(50);
                }
                for (int again = 0; again < 5; again++) {
                    assertThat(answer.status()).as(answer.body()).isEqualTo(503);
                    assertThat(answer.problem()).isEqualTo("overloaded");
                    assertThat(Integer.parseInt(answer.header("retry-after"))).isPositive();
                    assertThat(answer.header("www-authenticate")).isEmpty();
                    answer = send("GET", "/api/v1/datasets", header, "");
                }
                isUnauthenticated(send("GET", "/api/v1/datasets", "Authorization: Bearer garbage\r\n", ""));
                assertThat(as(TokenMode.BOOTSTRAP, "GET", "/api/v1/datasets", "").status()).as("needs no provider").isEqualTo(200);
            } finally {
                ISSUER.down(false);
            }
        }
        assertThat(letIn).as("answers by keys that could not be asked for again").isPositive();
        await().untilAsserted(() -> assertThat(send("GET", "/api/v1/datasets", header, "").status()).isEqualTo(200));
    }

    private Wire.Answer as(String token, String method, String path, String body) throws IOException {
        return send(method, path, "Authorization: Bearer " + token + "\r\nContent-Type: application/json\r\n", body);
    }

    private Wire.Answer send(String method, String path, String headers, String body) throws IOException {
        return new Wire(port).send(method, path, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void isUnauthenticated(Wire.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
        assertThat(answer.problem()).isEqualTo("unauthenticated");
        assertThat(answer.header("www-authenticate")).startsWith("Bearer");
        assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(answer.header("set-cookie")).isEmpty();
    }
}
