package io.datasetexport.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
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
        assertThat(local(false, "127.0.0.1").caller(host, origin, null, null)).isEqualTo(known ? Caller.LOCAL : null);
    }

    @ParameterizedTest
    @CsvSource({
        "export.example,,true", "export.example,https://export.example,true", "10.1.2.3:8080,http://10.1.2.3:8080,true",
        "export.example,https://evil.example,false", "export.example,null,false"
    })
    void inATrustedNetworkAnyNameWillDoButNoOtherPage(String host, @Nullable String origin, boolean known) throws UnknownHostException {
        assertThat(local(true, "0.0.0.0").caller(host, origin, null, null)).isEqualTo(known ? Caller.LOCAL : null);
    }

    @ParameterizedTest
    @CsvSource({
        "cross-site,no-cors,false", "cross-site,,false", "cross-site,navigate,true", "same-origin,cors,true", "none,navigate,true",
        "same-site,no-cors,false"
    })
    void anotherSitesPageMayLinkButNotEmbed(String site, @Nullable String mode, boolean known) throws UnknownHostException {
        assertThat(local(false, "127.0.0.1").caller("localhost", null, site, mode)).isEqualTo(known ? Caller.LOCAL : null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "10.1.2.3", "::", "fe80::1"})
    void refusesToListenForOthers(String address) {
        assertThatThrownBy(() -> local(false, address)).isInstanceOf(NotOnlyLoopback.class);
    }

    @Test
    void refusesToListenEverywhere() {
        assertThatThrownBy(() -> new LocalMode(new AccessSettings(false), null))
                .isInstanceOfSatisfying(NotOnlyLoopback.class, refused -> {
                    var analysis = new NotOnlyLoopbackFailureAnalyzer().analyze(refused, refused);
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
        return new LocalMode(new AccessSettings(trusted), InetAddress.getByName(address));
    }
}
