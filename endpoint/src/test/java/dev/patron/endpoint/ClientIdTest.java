package dev.patron.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientIdTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "6sv16tfx3j5gsopm42ss5dd67g2srvq",
                "abcdefghijklmnopqrst",
                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
                "1234567890123456789012345678901234567890123456789012345678901234",
            })
    void isWellFormed_good(String clientId) {
        assertThat(ClientId.isWellFormed(clientId)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "abcdefghijklmnopqrs",
                "12345678901234567890123456789012345678901234567890123456789012345",
                "abcdefghijklmnopqrst ",
                "abcdefghijklmnopqrst-",
                "abcdefghijklmnopqrst_",
                "abcdefghijklmnopqrst\n",
                "abcdefghijklmnopqrst\u0000",
                "abcdefghijklmnopqrst'--",
                "abcdefghijklmnopqrsté",
                "abcdefghijklmnopqrst１",
            })
    void isWellFormed_bad(String clientId) {
        assertThat(ClientId.isWellFormed(clientId)).isFalse();
    }
}
