package dev.patron.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientIdsTest {

    @Test
    void create_hasThePlatformsShapeAndEveryCharacterOccurs() {
        String all = Stream.generate(ClientIds::create)
                .limit(500)
                .peek(id -> assertThat(id).matches("[a-z0-9]{31}"))
                .collect(Collectors.joining());

        assertThat(all.chars().distinct().count()).isEqualTo(36);
    }

    @Test
    void createSecret_has256RandomBitsAsHexadecimalDigits() {
        assertThat(ClientIds.createSecret().reveal()).matches("[0-9a-f]{64}");
        assertThat(ClientIds.createSecret()).isNotEqualTo(ClientIds.createSecret());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "6sv16tfx3j5gsopm42ss5dd67g2srvq",
                "abcdefghijklmnopqrst",
                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
                "1234567890123456789012345678901234567890123456789012345678901234",
            })
    void isWellFormed_good(String clientId) {
        assertThat(ClientIds.isWellFormed(clientId)).isTrue();
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
        assertThat(ClientIds.isWellFormed(clientId)).isFalse();
    }
}
