package dev.patron.server.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.server.access.NewAccessToken;
import dev.patron.server.access.Scope;
import dev.patron.server.app.AppRules;
import dev.patron.server.customer.NewCustomer;
import dev.patron.server.member.NewMember;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisibleTextTest {

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x07, 0x0A, 0x7F, 0x85, 0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x180B, 0x180E, 0x200B,
                0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2060, 0x2066,
                0x2067, 0x2068, 0x2069, 0x2800, 0x3164, 0xD800, 0xE000, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9, 0xFFFF, 0x1D159,
                0xE0001, 0xE0041, 0xE0100, 0x10FFFF
            })
    void character_thatCannotBeSeen_isRefusedWithItsNameAndPosition_everywhere(int point) {
        String good = "Loyalty points";
        String bad = "Loy" + Character.toString(point) + "alty points";
        assertThat(VisibleText.fault(good)).isEmpty();
        assertAccepted(good);

        assertThat(VisibleText.fault(bad))
                .hasValueSatisfying(fault -> assertThat(fault)
                        .contains(String.format("U+%04X", point))
                        .contains("position 4"));
        assertThat(VisibleText.shown(bad)).isEqualTo(point == 0x0A ? bad : "Loy\uFFFDalty points");
        assertThat(AppRules.name(bad)).isPresent();
        assertThat(NewMember.developer("a@example.com", bad).faults()).containsOnlyKeys("name");
        assertThat(new NewCustomer("a@example.com", bad, "Hopper", 0).faults()).containsOnlyKeys("first_name");
        assertThat(new NewCustomer("a@example.com", "Grace", bad, 0).faults()).containsOnlyKeys("last_name");
        assertThat(new NewAccessToken(bad, Set.of(Scope.APPS_READ), Optional.empty()).faults())
                .containsOnlyKeys("name");
        assertThat(NewCustomer.isEmail("a" + Character.toString(point) + "b@example.com"))
                .isFalse();
        assertThat(AppRules.description(bad).isEmpty()).isEqualTo(point == 0x0A);
    }

    private static void assertAccepted(String good) {
        assertThat(AppRules.name(good)).isEmpty();
        assertThat(AppRules.description(good)).isEmpty();
        assertThat(NewMember.developer("a@example.com", good).faults()).isEmpty();
        assertThat(new NewCustomer("ab@example.com", good, good, 0).faults()).isEmpty();
        assertThat(new NewAccessToken(good, Set.of(Scope.APPS_READ), Optional.empty()).faults())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Alder & Ash",
                "Mária Ő. Nagy-Kis",
                "שלום",
                "محمد",
                // Persian: a non-joiner between letters.
                "می\u200Cخواهم",
                // Sinhala: a joiner after the virama.
                "ශ්\u200Dරී",
                // Malayalam: a chillu as older texts have it, at the end.
                "അവന്\u200D",
                // A family, and a heart in colour.
                "\uD83D\uDC69\u200D\uD83D\uDCBB Code",
                "Points \u2764\uFE0F",
                // A Japanese name whose ideograph has a variant.
                "葛\uDB40\uDD00城",
                "e\u0301",
                "№ 5 · 12 €"
            })
    void name_ofRealPeople_isAccepted(String name) {
        assertThat(VisibleText.fault(name)).isEmpty();
        assertThat(VisibleText.shown(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\u200Cb",
                "\u200Cمی",
                "می\u200C",
                "می\u200C\u200Cخ",
                "م\u200Ca",
                "1\u200D2",
                "1\uFE0F",
                "\uD83D\uDC69\u200D",
                "\uD83D\uDC69\uFE0F\uFE0F"
            })
    void joiner_whereNoNameNeedsIt_isRefused(String name) {
        assertThat(VisibleText.fault(name.replaceAll("[\u200C\u200D\uFE0F]", "")))
                .isEmpty();
        assertThat(VisibleText.fault(name)).isPresent();
    }

    @Test
    void spacesAlone_areNothingToSee() {
        assertThat(VisibleText.isEmpty("\u00A0\u3000\u2003 ")).isTrue();
        assertThat(VisibleText.isEmpty("\u3164\u200B")).isTrue();
        assertThat(VisibleText.isEmpty("\u00A0x")).isFalse();
        assertThat(AppRules.name("\u00A0")).isPresent();
    }

    @Test
    void nameOfOld_cannotGetOutOfItsIsolate() {
        assertThat(VisibleText.isolated("Good\u2069\u202Elive")).isEqualTo("\u2068Good\uFFFD\uFFFDlive\u2069");
    }
}
