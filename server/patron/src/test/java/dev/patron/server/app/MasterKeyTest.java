package dev.patron.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.patron.server.PatronServer;
import dev.patron.server.TestServices;
import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.options.Options;
import dev.patron.server.page.Theme;
import dev.patron.token.ClientSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterKeyTest {

    private static final String CLIENT_ID = "6sv16tfx3j5gsopm42ss5dd67g2srvq";
    private static final ClientSecret SECRET = ClientSecret.of("a secret of somebody else's portal, ünïcödé");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void open_sealed_isTheSecret() {
        MasterKey key = MasterKey.of(TestServices.options(folder));

        assertThat(key.open(CLIENT_ID, key.seal(CLIENT_ID, SECRET))).isEqualTo(SECRET);
    }

    @Test
    void seal_twice_hasAnotherNonceAndHidesTheSecret() {
        MasterKey key = MasterKey.of(TestServices.options(folder));

        byte[] one = key.seal(CLIENT_ID, SECRET).toBytes();
        byte[] other = key.seal(CLIENT_ID, SECRET).toBytes();

        assertThat(Arrays.copyOfRange(one, 1, 13)).isNotEqualTo(Arrays.copyOfRange(other, 1, 13));
        assertThat(Arrays.copyOfRange(one, 13, one.length)).isNotEqualTo(Arrays.copyOfRange(other, 13, other.length));
        assertThat(new String(one, StandardCharsets.ISO_8859_1)).doesNotContain("somebody");
        assertThat(one).hasSize(1 + 12 + SECRET.length() + 16);
    }

    @Test
    void open_anyBitFlipped_isRefused() {
        MasterKey key = MasterKey.of(TestServices.options(folder));
        byte[] sealed = key.seal(CLIENT_ID, SECRET).toBytes();
        assertThat(key.open(CLIENT_ID, SealedSecret.of(sealed))).isEqualTo(SECRET);

        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            byte[] tampered = sealed.clone();
            tampered[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatIllegalStateException()
                    .as("bit " + bit)
                    .isThrownBy(() -> key.open(CLIENT_ID, SealedSecret.of(tampered)));
        }
    }

    @Test
    void open_cutShort_isRefused() {
        MasterKey key = MasterKey.of(TestServices.options(folder));
        byte[] sealed = key.seal(CLIENT_ID, SECRET).toBytes();

        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = Arrays.copyOf(sealed, length);
            assertThatIllegalStateException()
                    .as("length " + length)
                    .isThrownBy(() -> key.open(CLIENT_ID, SealedSecret.of(cut)));
        }
    }

    @Test
    void open_forAnotherApp_isRefused() {
        MasterKey key = MasterKey.of(TestServices.options(folder));
        SealedSecret sealed = key.seal(CLIENT_ID, SECRET);
        assertThat(key.open(CLIENT_ID, sealed)).isEqualTo(SECRET);

        assertThatIllegalStateException()
                .isThrownBy(() -> key.open(CLIENT_ID + "x", sealed))
                .withMessageContaining("cannot be opened");
    }

    @Test
    void open_withAnotherKey_isRefused() {
        MasterKey key = MasterKey.of(TestServices.options(folder, "patron.master-key=" + "0".repeat(64)));
        MasterKey same = MasterKey.of(TestServices.options(folder, "patron.master-key=" + "0".repeat(64)));
        MasterKey other = MasterKey.of(TestServices.options(folder, "patron.master-key=" + "0".repeat(63) + "1"));
        SealedSecret sealed = key.seal(CLIENT_ID, SECRET);
        assertThat(same.open(CLIENT_ID, sealed)).isEqualTo(SECRET);

        assertThatIllegalStateException()
                .isThrownBy(() -> other.open(CLIENT_ID, sealed))
                .withMessageContaining("another master key");
    }

    /** The expected value is from Python's hmac and hashlib. */
    @Test
    void pseudonym_ofAName_isTheSameWithTheSameKeyOnly() {
        MasterKey key = MasterKey.of(TestServices.options(folder, "patron.master-key=" + "ab".repeat(32)));
        MasterKey other = MasterKey.of(TestServices.options(folder, "patron.master-key=" + "cd".repeat(32)));

        assertThat(key.pseudonym("ada@example.com"))
                .isEqualTo("704d12c26eabcebef8452f083da1e5f9cf08fd391bd6a60c3e42d85842d3e3fb");
        assertThat(key.pseudonym("bob@example.com")).isNotEqualTo(key.pseudonym("ada@example.com"));
        assertThat(other.pseudonym("ada@example.com")).isNotEqualTo(key.pseudonym("ada@example.com"));
    }

    @Test
    void of_noOption_makesAFileForItsOwnerOnlyAndKeepsToIt() throws IOException {
        Path file = folder.resolve("master.key");
        SealedSecret sealed = MasterKey.of(TestServices.options(folder)).seal(CLIENT_ID, SECRET);
        String made = Files.readString(file);

        assertThat(made).matches("[0-9a-f]{64}\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(MasterKey.of(TestServices.options(folder)).open(CLIENT_ID, sealed))
                .isEqualTo(SECRET);
        assertThat(Files.readString(file)).isEqualTo(made);
    }

    @Test
    void server_withAnotherKeyThanItsSecretsWereSealedWith_doesNotStart() {
        Options right = TestServices.options(folder, "patron.master-key=" + "ab".repeat(32));
        Options wrong = TestServices.options(folder, "patron.master-key=" + "cd".repeat(32));
        try (PatronServer empty = open(right)) {
            assertThat(empty.services().apps.list()).isEmpty();
        }
        assertThatExceptionOfType(InvalidOptionException.class)
                .as("before there is any secret")
                .isThrownBy(() -> open(wrong))
                .withMessageStartingWith("patron.master-key: ");
        try (PatronServer server = open(right)) {
            server.services().apps.create(NewApp.named("Any"));
        }
        try (PatronServer again = open(right)) {
            assertThat(again.services().apps.list()).hasSize(1);
        }

        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> open(wrong))
                .withMessageStartingWith("patron.master-key: ")
                .withMessageContaining("PATRON_MASTER_KEY")
                .withMessageContaining("master.key")
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("abab", "cdcd"));
        assertThatExceptionOfType(InvalidOptionException.class).isThrownBy(() -> open(TestServices.options(folder)));
        try (PatronServer unharmed = open(right)) {
            assertThat(unharmed.services().apps.list()).hasSize(1);
        }
    }

    private static PatronServer open(Options options) {
        return PatronServer.open(options, InstantSource.system(), Theme.PLAIN);
    }

    @Test
    void of_option_makesNoFile() {
        MasterKey.of(TestServices.options(folder, "patron.master-key=" + "ab".repeat(32)));

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void of_damagedFile_isRefusedWithTheCureAndNotItsContent() throws IOException {
        Path file = folder.resolve("master.key");
        Files.writeString(file, "ab".repeat(32) + "\n");
        assertThat(MasterKey.of(TestServices.options(folder))).isNotNull();

        for (String damaged : List.of("", "ab".repeat(31), "xy".repeat(32), "ab".repeat(33))) {
            Files.writeString(file, damaged);
            assertThatExceptionOfType(InvalidOptionException.class)
                    .isThrownBy(() -> MasterKey.of(TestServices.options(folder)))
                    .withMessageContaining("master.key")
                    .withMessageContaining("Restore it from a backup")
                    .satisfies(refused -> assertThat(refused.getMessage())
                            .doesNotContain("abab")
                            .doesNotContain("xyxy"));
        }
    }
}
