package io.datasetexport.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalModeTests {

    @ParameterizedTest
    @CsvSource({
        "localhost,,true", "localhost:8080,,true", "LocalHost:1,,true", "127.0.0.1:8080,,true", "[::1],,true", "[::1]:8080,,true",
        ",,true",
        "localhost:8080,http://localhost:8080,true", "[::1]:8080,http://[::1]:8080,true", "127.0.0.1,http://127.0.0.1,true",
        "evil.example,,false", "localhost.evil.example,,false", "localhost:8080.evil.example,,false", "127.0.0.1.nip.io:8080,,false",
        "user@localhost,,false", "'',,false", "localhost:,,false", "localhost:999999,,false", "0.0.0.0,,false",
        "localhost:8080,null,false", "localhost:8080,http://evil.example,false", "localhost:8080,http://localhost:3000,false",
        "localhost:8080,http://localhost,false", "localhost:8080,http://localhost:8080.evil.example,false",
        "localhost:8080,file://localhost:8080,false", "localhost:8080,http://a@localhost:8080,false", "localhost:8080,'',false",
        "localhost:8080,%,false", ",http://localhost,false",
    })
    void knowsItsOwnNamesAndPages(@Nullable String host, @Nullable String origin, boolean known) throws UnknownHostException {
        assertThat(local(false, "127.0.0.1").letsIn(host, origin, null, null)).isEqualTo(known);
    }

    @ParameterizedTest
    @CsvSource({
        "export.example,,true", "export.example,https://export.example,true", "10.1.2.3:8080,http://10.1.2.3:8080,true",
        "export.example,https://evil.example,false", "export.example,null,false"
    })
    void inATrustedNetworkAnyNameWillDoButNoOtherPage(String host, @Nullable String origin, boolean known) throws UnknownHostException {
        assertThat(local(true, "0.0.0.0").letsIn(host, origin, null, null)).isEqualTo(known);
    }

    @ParameterizedTest
    @CsvSource({
        "cross-site,no-cors,false", "cross-site,,false", "cross-site,navigate,true", "same-origin,cors,true", "none,navigate,true",
        "same-site,no-cors,false"
    })
    void anotherSitesPageMayLinkButNotEmbed(String site, @Nullable String mode, boolean known) throws UnknownHostException {
        assertThat(local(false, "127.0.0.1").letsIn("localhost", null, site, mode)).isEqualTo(known);
    }

    @Test
    void anAllowedPageMayCall() throws UnknownHostException {
        LocalMode local =
                new LocalMode(new AccessSettings(false, null, List.of("http://localhost:3000"), Duration.ofMinutes(10)), InetAddress.getByName("127.0.0.1"));
        assertThat(local.letsIn("localhost:8080", "http://localhost:3000", "same-site", "cors")).isTrue();
        assertThat(local.letsIn("localhost:8080", "http://localhost:3001", "same-site", "cors")).isFalse();
        assertThat(local.letsIn("evil.example", "http://localhost:3000", "cross-site", "cors")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "null", "app.example.com", "https://app.example.com/", "https://*.example.com", "https://App.example.com", "file://a"})
    void refusesWhatIsNoOrigin(String origin) {
        assertThatThrownBy(() -> new AccessSettings(false, null, List.of(origin), Duration.ofMinutes(10))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isOffWhereTokensAreAskedFor() throws UnknownHostException {
        LocalMode withToken = new LocalMode(new AccessSettings(true, "some token", List.of(), Duration.ofMinutes(10)), InetAddress.getByName("0.0.0.0"));
        assertThat(withToken.isOn()).isFalse();
        assertThat(new LocalMode(settings(false), null, "https://issuer.example").isOn()).isFalse();
        assertThat(local(false, "127.0.0.1").isOn()).isTrue();
        assertThat(withToken.letsIn("evil.example", "https://evil.example", "cross-site", "cors")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "10.1.2.3", "::", "fe80::1"})
    void refusesToListenForOthers(String address) {
        assertThatThrownBy(() -> local(false, address)).isInstanceOf(UnsafeSettings.class);
    }

    @Test
    void refusesToListenEverywhere() {
        assertThatThrownBy(() -> new LocalMode(settings(false), null))
                .isInstanceOfSatisfying(UnsafeSettings.class, refused -> {
                    var analysis = new UnsafeSettingsFailureAnalyzer().analyze(refused, refused);
                    assertThat(analysis.getDescription()).contains("every address of this machine");
                    assertThat(analysis.getAction()).contains("server.address=127.0.0.1", "dataset-export.access.trusted-network=true");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1"})
    void listensOnLoopback(String address) throws UnknownHostException {
        assertThat(local(false, address)).isNotNull();
    }

    private static LocalMode local(boolean trusted, String address) throws UnknownHostException {
        return new LocalMode(settings(trusted), InetAddress.getByName(address));
    }

    private static AccessSettings settings(boolean trusted) {
        return new AccessSettings(trusted, null, List.of(), Duration.ofMinutes(10));
    }
}
