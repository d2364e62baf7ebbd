package dev.patron.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

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
}
