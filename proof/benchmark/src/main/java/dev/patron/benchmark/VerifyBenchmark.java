package dev.patron.benchmark;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.patron.token.CurrentCustomer;
import dev.patron.token.CurrentCustomerVerifier;
import dev.patron.token.InvalidTokenException;
import dev.patron.token.JwsAlgorithm;
import io.jsonwebtoken.Claims;
import io.jsonwebtoken.Jws;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Keys;
import java.text.ParseException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.HmacKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Verifying one token: text in, checked claims out. Each library is told to check the signature, {@code aud}, {@code iss} and
 * {@code exp}, with everything that can be prepared prepared; Patron checks all that it always checks.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class VerifyBenchmark {
    private static final String ISSUER = "bc/apps";

    private final String hs256Token = Sample.token(JwsAlgorithm.HS256);
    private final String hs512Token = Sample.token(JwsAlgorithm.HS512);
    private final byte[] hs256Input = Sample.signingInput(JwsAlgorithm.HS256);
    private final byte[] hs512Input = Sample.signingInput(JwsAlgorithm.HS512);

    private final Mac hs256Mac = Sample.mac("HmacSHA256");
    private final Mac hs512Mac = Sample.mac("HmacSHA512");

    private final CurrentCustomerVerifier patron = CurrentCustomerVerifier.builder(Sample.CLIENT_ID, Sample.SECRET)
            .expectStore(Sample.STORE)
            .acceptUntilExpiry()
            .build();

    private final DefaultJWTProcessor<SecurityContext> nimbus = new DefaultJWTProcessor<>();

    private final JWTVerifier javaJwt = JWT.require(Algorithm.HMAC256(Sample.KEY))
            .withIssuer(ISSUER)
            .withAudience(Sample.CLIENT_ID)
            .build();

    private final JwtParser jjwt = Jwts.parser()
            .verifyWith(Keys.hmacShaKeyFor(Sample.KEY))
            .requireIssuer(ISSUER)
            .requireAudience(Sample.CLIENT_ID)
            .build();

    private final JwtConsumer jose4j = new JwtConsumerBuilder()
            .setVerificationKey(new HmacKey(Sample.KEY))
            .setJwsAlgorithmConstraints(AlgorithmConstraints.ConstraintType.PERMIT, "HS256")
            .setExpectedIssuer(ISSUER)
            .setExpectedAudience(Sample.CLIENT_ID)
            .setRequireExpirationTime()
            .build();

    /** Prepares the contestant that has no builder. */
    public VerifyBenchmark() {
        nimbus.setJWSKeySelector(
                new JWSVerificationKeySelector<>(JWSAlgorithm.HS256, new ImmutableSecret<>(Sample.KEY)));
        nimbus.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                Sample.CLIENT_ID, new JWTClaimsSet.Builder().issuer(ISSUER).build(), Set.of("exp")));
    }

    @Benchmark
    public byte[] bareMac256() {
        return hs256Mac.doFinal(hs256Input);
    }

    @Benchmark
    public byte[] bareMac512() {
        return hs512Mac.doFinal(hs512Input);
    }

    @Benchmark
    public CurrentCustomer patron256() throws InvalidTokenException {
        return patron.verify(hs256Token);
    }

    @Benchmark
    public CurrentCustomer patron512() throws InvalidTokenException {
        return patron.verify(hs512Token);
    }

    @Benchmark
    public JWTClaimsSet nimbus256() throws ParseException, BadJOSEException, JOSEException {
        return nimbus.process(hs256Token, null);
    }

    @Benchmark
    public DecodedJWT javaJwt256() {
        return javaJwt.verify(hs256Token);
    }

    @Benchmark
    public Jws<Claims> jjwt256() {
        return jjwt.parseSignedClaims(hs256Token);
    }

    @Benchmark
    public JwtClaims jose4j256() throws InvalidJwtException {
        return jose4j.processToClaims(hs256Token);
    }
}
