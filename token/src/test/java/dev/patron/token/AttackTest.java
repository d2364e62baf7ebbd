package dev.patron.token;

import static dev.patron.token.Forge.CLIENT_ID;
import static dev.patron.token.Forge.HEADER_HS256;
import static dev.patron.token.Forge.HEADER_HS512;
import static dev.patron.token.Forge.ISSUED_AT;
import static dev.patron.token.Forge.PAYLOAD;
import static dev.patron.token.Forge.SECRET;
import static dev.patron.token.Forge.STORE;
import static dev.patron.token.Forge.accept;
import static dev.patron.token.Forge.base64url;
import static dev.patron.token.Forge.mac;
import static dev.patron.token.Forge.payloadPlus;
import static dev.patron.token.Forge.payloadWith;
import static dev.patron.token.Forge.refuse;
import static dev.patron.token.Forge.refuseHeader;
import static dev.patron.token.Forge.refusePayload;
import static dev.patron.token.Forge.refuseTwin;
import static dev.patron.token.Forge.signed;
import static dev.patron.token.Forge.token;
import static dev.patron.token.Forge.verifier;
import static dev.patron.token.Forge.verifierAt;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patron.token.InvalidTokenException.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One method for each known attack on this kind of token that a verifier can stop. */
class AttackTest {
    /** Another app passes on a token that was made for it (RFC 8725 section 3.9). */
    @Test
    void verify_tokenOfAnotherApp_rejects() {
        refusePayload(payloadWith("\"aud\":\"" + CLIENT_ID, "\"aud\":\"otherapp"), Reason.WRONG_AUDIENCE);
    }

    /** Another app's client id stands where a careless verifier would look. */
    @Test
    void verify_ourIdOnlyAsApplicationId_rejects() {
        refusePayload(payloadWith("\"aud\":\"" + CLIENT_ID + "\",", ""), Reason.WRONG_AUDIENCE);
    }

    /** A token of one store is used at another, where the same id is someone else (RFC 8725 section 3.8). */
    @Test
    void verify_tokenOfAnotherStore_rejects() {
        String other = PAYLOAD.replace("abc123", "xyz789");
        refusePayload(other, Reason.WRONG_STORE);
        accept(
                CurrentCustomerVerifier.builder(CLIENT_ID, SECRET)
                        .expectStore("xyz789")
                        .clock(() -> ISSUED_AT)
                        .build(),
                token(other));
    }

    /** The two claims that name the store contradict each other. */
    @Test
    void verify_twoStores_rejects() {
        refusePayload(payloadWith("\"sub\":\"abc123\"", "\"sub\":\"xyz789\""), Reason.WRONG_STORE);
        refusePayload(payloadWith("\"store_hash\":\"abc123\"", "\"store_hash\":\"xyz789\""), Reason.WRONG_STORE);
    }

    /** A customer login token or an app load token is signed with the same secret (RFC 8725 sections 3.11 and 3.12). */
    @Test
    void verify_tokenOfAnotherKind_rejects() {
        refusePayload(payloadWith("current_customer", "customer_login"), Reason.WRONG_OPERATION);
        refusePayload(payloadWith(",\"operation\":\"current_customer\"", ""), Reason.WRONG_OPERATION);
        refuseHeader("{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}", Reason.MALFORMED);
    }

    /** Whoever issues other tokens with the secret names himself. */
    @Test
    void verify_anotherIssuer_rejects() {
        refusePayload(payloadWith("bc/apps", "bc"), Reason.WRONG_ISSUER);
    }

    /** A token of HS512 pretends to be one of HS256 and the other way round (RFC 8725 section 3.1). */
    @Test
    void verify_headerNamesAnotherHmac_rejects() {
        refuseHeader(HEADER_HS512, Reason.UNSUPPORTED_ALGORITHM);
        refuseTwin(
                verifier().build(),
                token(JwsAlgorithm.HS512, SECRET, HEADER_HS512, PAYLOAD),
                token(JwsAlgorithm.HS512, SECRET, HEADER_HS256, PAYLOAD),
                Reason.UNSUPPORTED_ALGORITHM);
    }

    /** An algorithm that the app has ruled out comes back by the header. */
    @Test
    void verify_algorithmNotAccepted_rejects() {
        refuseTwin(
                verifier().algorithms(JwsAlgorithm.HS512).build(),
                token(JwsAlgorithm.HS512, SECRET, HEADER_HS512, PAYLOAD),
                token(PAYLOAD),
                Reason.UNSUPPORTED_ALGORITHM);
    }

    /** The header names a public-key algorithm, in the hope that the public key serves as the HMAC's. */
    @Test
    void verify_publicKeyAlgorithm_rejects() {
        for (String algorithm : List.of("RS256", "ES256", "EdDSA", "PS512", "HS384", "hs256", "HS256 ")) {
            refuseHeader(HEADER_HS256.replace("HS256", algorithm), Reason.UNSUPPORTED_ALGORITHM);
        }
    }

    /** No signature at all: {@code alg} none, in any case, with and without something in the signature's place. */
    @Test
    void verify_algorithmNone_rejects() {
        for (String none : List.of("none", "None", "NONE", "nOnE")) {
            String header = HEADER_HS256.replace("HS256", none);
            refuseTwin(
                    verifier().build(),
                    token(PAYLOAD),
                    base64url(header) + "." + base64url(PAYLOAD) + ".",
                    Reason.UNSUPPORTED_ALGORITHM);
            refuseHeader(header, Reason.UNSUPPORTED_ALGORITHM);
        }
    }

    /** The signature is empty, cut short, or filled with zeros (CVE-2022-21449 in spirit). */
    @Test
    void verify_blankOrShortSignature_rejects() {
        String token = token(PAYLOAD);
        String unsigned = token.substring(0, token.lastIndexOf('.') + 1);
        CurrentCustomerVerifier verifier = verifier().build();
        refuseTwin(verifier, token, unsigned, Reason.UNSUPPORTED_ALGORITHM);
        refuseTwin(verifier, token, unsigned + base64url(new byte[32]), Reason.BAD_SIGNATURE);
        refuseTwin(verifier, token, unsigned + base64url(new byte[64]), Reason.BAD_SIGNATURE);
        refuseTwin(verifier, token, token.substring(0, token.length() - 3), Reason.UNSUPPORTED_ALGORITHM);
        refuseTwin(verifier, token, unsigned.substring(0, unsigned.length() - 1), Reason.MALFORMED);
    }

    /** The token brings its own key or tells where to fetch one (CVE-2018-0114); only our key counts. */
    @Test
    void verify_keyNamedInHeader_ignoresIt() {
        String attackersKey = "an-attackers-key-of-sufficient-length";
        String header =
                "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"../../dev/null\",\"jku\":\"https://evil.example/\","
                        + "\"x5u\":\"https://evil.example/\",\"jwk\":{\"kty\":\"oct\",\"k\":\""
                        + base64url(attackersKey) + "\"}}";
        refuseTwin(
                verifier().build(),
                token(JwsAlgorithm.HS256, SECRET, header, PAYLOAD),
                token(JwsAlgorithm.HS256, attackersKey, header, PAYLOAD),
                Reason.BAD_SIGNATURE);
    }

    /** An extension that has to be understood, such as the unencoded payload of RFC 7797 (RFC 7515 section 4.1.11). */
    @Test
    void verify_criticalHeader_rejects() {
        for (String crit : List.of("[\"b64\"]", "[]", "null", "[\"exp\"],\"exp\":1")) {
            refuseHeader(
                    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"b64\":false,\"crit\":" + crit + "}", Reason.CRITICAL_HEADER);
        }
    }

    /** The secret is guessed, or was never set: neither verifies, and nobody can set up a verifier with such a one. */
    @Test
    void verify_weakOrEmptySecret_rejects() {
        for (String guess :
                List.of("secret", SECRET.substring(1), SECRET + "0", SECRET.toUpperCase(java.util.Locale.ROOT))) {
            refuseTwin(
                    verifier().build(),
                    token(PAYLOAD),
                    token(JwsAlgorithm.HS256, guess, HEADER_HS256, PAYLOAD),
                    Reason.BAD_SIGNATURE);
        }
        assertThatThrownBy(() -> CurrentCustomerVerifier.builder(CLIENT_ID, ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CurrentCustomerVerifier.builder(CLIENT_ID, "short")
                        .allowAnyStore()
                        .build())
                .isInstanceOf(IllegalStateException.class);
    }

    /** Two parsers see two customers (RFC 8725 section 3.7): a member occurs twice, openly or behind an escape. */
    @Test
    void verify_duplicateMember_rejects() {
        refusePayload(payloadPlus("\"sub\":\"abc123\""), Reason.MALFORMED);
        refusePayload(payloadPlus("\"s\\u0075b\":\"abc123\""), Reason.MALFORMED);
        refusePayload(payloadWith("\"id\":4927", "\"id\":4927,\"id\":1"), Reason.MALFORMED);
        refusePayload(payloadPlus("\"customer\":{\"id\":1,\"email\":\"a@b\",\"group_id\":\"0\"}"), Reason.MALFORMED);
        refusePayload(payloadPlus("\"x\":{\"y\":[{\"z\":1,\"\\u007a\":2}]}"), Reason.MALFORMED);
        refuseHeader("{\"alg\":\"HS256\",\"typ\":\"JWT\",\"alg\":\"HS256\"}", Reason.MALFORMED);
    }

    /** The same token in other letters slips past a list of seen tokens: base64url has to be strict. */
    @Test
    void verify_sameBytesOtherText_rejects() {
        String token = token(PAYLOAD);
        assertThat(token).endsWith("0"); // of 43 characters, the last carries two unused bits
        List<String> twins = new ArrayList<>();
        for (char sameBits : "123".toCharArray()) {
            twins.add(token.substring(0, token.length() - 1) + sameBits);
        }
        twins.add(token + "=");
        twins.add(token + "\n");
        twins.add(" " + token);
        twins.add(token.replace(".", "=."));
        for (String twin : twins) {
            refuseTwin(verifier().build(), token, twin, Reason.MALFORMED);
        }
        String input = token.substring(0, token.lastIndexOf('.'));
        for (String resigned : List.of(input + "=", input.replace(".", "=."), input + "\n", "\t" + input)) {
            refuseTwin(verifier().build(), token, signed(JwsAlgorithm.HS256, SECRET, resigned), Reason.MALFORMED);
        }
    }

    /** The other base64 alphabet writes the same bytes. */
    @Test
    void verify_standardBase64Alphabet_rejects() {
        String payload = payloadPlus("\"x\":\"~~~???>>>\"");
        String token = token(payload);
        assertThat(token.substring(HEADER_HS256.length() * 4 / 3)).containsAnyOf("-", "_");
        String standard = token.replace('-', '+').replace('_', '/');
        String input = standard.substring(0, standard.lastIndexOf('.'));
        refuseTwin(verifier().build(), token, signed(JwsAlgorithm.HS256, SECRET, input), Reason.MALFORMED);
    }

    /** A stolen token is used later. */
    @Test
    void verify_replayAfterThirtySeconds_rejects() {
        accept(verifierAt(ISSUED_AT.plusSeconds(35)).build(), token(PAYLOAD));
        assertThat(refuse(verifierAt(ISSUED_AT.plusSeconds(36)).build(), token(PAYLOAD))
                        .reason())
                .isEqualTo(Reason.TOO_OLD);
    }

    /** A token without end, or with one that overflows. */
    @Test
    void verify_missingOrEndlessExpiry_rejects() {
        refusePayload(payloadWith(",\"exp\":1480832763", ""), Reason.MALFORMED);
        for (String endless : List.of(
                "null", "\"never\"", "1e99", "9223372036854775807", "99999999999999999999", "253402300800", "-1")) {
            refusePayload(payloadWith("1480832763", endless), Reason.MALFORMED);
        }
    }

    /** The signature of one token is put under another's content. */
    @Test
    void verify_signatureOfAnotherToken_rejects() {
        String other = token(payloadWith("4927", "1"));
        String token = token(PAYLOAD);
        refuseTwin(
                verifier().build(),
                token,
                other.substring(0, other.lastIndexOf('.')) + token.substring(token.lastIndexOf('.')),
                Reason.BAD_SIGNATURE);
    }

    /** Work is what a flood wants: a huge token is not even split. */
    @Test
    void verify_hugeToken_rejects() {
        String filler = "x".repeat(Math.toIntExact(JwsVerifier.MAX_LENGTH));
        refusePayload(payloadPlus("\"x\":\"" + filler + "\""), Reason.TOO_LARGE);
    }

    /** Deep nesting exhausts the stack of a recursive reader. */
    @Test
    void verify_deepNesting_rejects() {
        refusePayload(payloadPlus("\"x\":" + "[".repeat(2000) + "]".repeat(2000)), Reason.MALFORMED);
    }

    /** What is shown of a hostile token can't break a log line or a terminal, or fill a disk. */
    @Test
    void message_hostileClaim_isPrintableAndShort() {
        String hostile = "evil\\n\\u001b[31m\\u202e" + "x".repeat(1000);
        String message = refusePayload(payloadWith("bc/apps", hostile), Reason.WRONG_ISSUER);
        assertThat(message).matches("[ -~]+").hasSizeLessThan(200).contains("\"evil\\u000a\\u001b[31m\\u202exxx");
        String duplicate = refusePayload(payloadPlus("\"" + hostile + "\":1,\"" + hostile + "\":2"), Reason.MALFORMED);
        assertThat(duplicate).matches("[ -~]+").hasSizeLessThan(200);
    }

    /** Someone without a customer, or as customer 0, is nobody. */
    @Test
    void verify_noCustomer_rejects() {
        refusePayload(payloadWith("4927", "0"), Reason.INVALID_CUSTOMER);
        refusePayload(payloadWith("4927", "-4927"), Reason.INVALID_CUSTOMER);
        refusePayload(payloadWith("\"id\":4927,", ""), Reason.INVALID_CUSTOMER);
    }

    /** A forger tries the signature byte by byte: the comparison must look at all bytes. Proven by sampling each byte. */
    @Test
    void verify_eachWrongByteOfSignature_rejects() {
        String input = base64url(HEADER_HS256) + "." + base64url(PAYLOAD);
        byte[] genuine = mac(JwsAlgorithm.HS256, SECRET.getBytes(UTF_8), input);
        CurrentCustomerVerifier verifier = verifier().build();
        for (int i = 0; i < genuine.length; i++) {
            byte[] forged = genuine.clone();
            forged[i]++;
            refuseTwin(
                    verifier, input + "." + base64url(genuine), input + "." + base64url(forged), Reason.BAD_SIGNATURE);
        }
    }

    /** The store that is expected comes from the app; what the token says has no way to widen it. */
    @Test
    void verify_storeUnknownToPredicate_rejects() {
        CurrentCustomerVerifier verifier = CurrentCustomerVerifier.builder(CLIENT_ID, SECRET)
                .expectStores(STORE::equals)
                .clock(() -> ISSUED_AT)
                .build();
        refuseTwin(verifier, token(PAYLOAD), token(PAYLOAD.replace("abc123", "ABC123")), Reason.WRONG_STORE);
    }
}
