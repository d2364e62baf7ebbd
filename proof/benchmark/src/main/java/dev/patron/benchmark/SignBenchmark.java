package dev.patron.benchmark;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.patron.token.ClientSecret;
import dev.patron.token.CurrentCustomerClaims;
import dev.patron.token.CurrentCustomerSigner;
import dev.patron.token.JwsAlgorithm;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Keys;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Signing one token: a customer's id, e-mail address and group in, text out. Keys are prepared beforehand. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SignBenchmark {
    private final byte[] hs256Input = Sample.signingInput(JwsAlgorithm.HS256);
    private final byte[] hs512Input = Sample.signingInput(JwsAlgorithm.HS512);

    private final Mac hs256Mac = Sample.mac("HmacSHA256");
    private final Mac hs512Mac = Sample.mac("HmacSHA512");

    private final CurrentCustomerSigner patronHs256 =
            CurrentCustomerSigner.create(JwsAlgorithm.HS256, ClientSecret.of(Sample.SECRET));
    private final CurrentCustomerSigner patronHs512 =
            CurrentCustomerSigner.create(JwsAlgorithm.HS512, ClientSecret.of(Sample.SECRET));

    private final JWSSigner nimbus = nimbusSigner();
    private final JWSHeader nimbusHeader =
            new JWSHeader.Builder(JWSAlgorithm.HS256).type(JOSEObjectType.JWT).build();
    private final Algorithm javaJwt = Algorithm.HMAC256(Sample.KEY);
    private final SecretKey jjwtKey = Keys.hmacShaKeyFor(Sample.KEY);
    private final HmacKey jose4jKey = new HmacKey(Sample.KEY);

    private final Instant issuedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final Instant expiresAt = issuedAt.plus(CurrentCustomerClaims.LIFETIME);
    private long customerId = 4927;
    private String email = "john.doe@gmail.com";

    @Benchmark
    public byte[] bareMac256() {
        return hs256Mac.doFinal(hs256Input);
    }

    @Benchmark
    public byte[] bareMac512() {
        return hs512Mac.doFinal(hs512Input);
    }

    @Benchmark
    public String patron256() {
        return patronHs256.sign(patronClaims());
    }

    @Benchmark
    public String patron512() {
        return patronHs512.sign(patronClaims());
    }

    private CurrentCustomerClaims patronClaims() {
        return CurrentCustomerClaims.of(Sample.CLIENT_ID, Sample.STORE, customerId, email, 6, issuedAt);
    }

    @Benchmark
    public String nimbus256() throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                nimbusHeader,
                new JWTClaimsSet.Builder()
                        .claim("customer", customer())
                        .issuer("bc/apps")
                        .subject(Sample.STORE)
                        .issueTime(Date.from(issuedAt))
                        .expirationTime(Date.from(expiresAt))
                        .claim("version", 1)
                        .audience(Sample.CLIENT_ID)
                        .claim("application_id", Sample.CLIENT_ID)
                        .claim("store_hash", Sample.STORE)
                        .claim("operation", "current_customer")
                        .build());
        jwt.sign(nimbus);
        return jwt.serialize();
    }

    @Benchmark
    public String javaJwt256() {
        return JWT.create()
                .withClaim("customer", customer())
                .withIssuer("bc/apps")
                .withSubject(Sample.STORE)
                .withIssuedAt(issuedAt)
                .withExpiresAt(expiresAt)
                .withClaim("version", 1)
                .withAudience(Sample.CLIENT_ID)
                .withClaim("application_id", Sample.CLIENT_ID)
                .withClaim("store_hash", Sample.STORE)
                .withClaim("operation", "current_customer")
                .sign(javaJwt);
    }

    @Benchmark
    public String jjwt256() {
        return Jwts.builder()
                .header()
                .type("JWT")
                .and()
                .claim("customer", customer())
                .issuer("bc/apps")
                .subject(Sample.STORE)
                .issuedAt(Date.from(issuedAt))
                .expiration(Date.from(expiresAt))
                .claim("version", 1)
                .audience()
                .add(Sample.CLIENT_ID)
                .and()
                .claim("application_id", Sample.CLIENT_ID)
                .claim("store_hash", Sample.STORE)
                .claim("operation", "current_customer")
                .signWith(jjwtKey, Jwts.SIG.HS256)
                .compact();
    }

    @Benchmark
    public String jose4j256() throws JoseException {
        JwtClaims claims = new JwtClaims();
        claims.setClaim("customer", customer());
        claims.setIssuer("bc/apps");
        claims.setSubject(Sample.STORE);
        claims.setIssuedAt(NumericDate.fromSeconds(issuedAt.getEpochSecond()));
        claims.setExpirationTime(NumericDate.fromSeconds(expiresAt.getEpochSecond()));
        claims.setClaim("version", 1);
        claims.setAudience(Sample.CLIENT_ID);
        claims.setClaim("application_id", Sample.CLIENT_ID);
        claims.setClaim("store_hash", Sample.STORE);
        claims.setClaim("operation", "current_customer");
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue("HS256");
        jws.setHeader("typ", "JWT");
        jws.setPayload(claims.toJson());
        jws.setKey(jose4jKey);
        return jws.getCompactSerialization();
    }

    private static JWSSigner nimbusSigner() {
        try {
            return new MACSigner(Sample.KEY);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, Object> customer() {
        Map<String, Object> customer = new LinkedHashMap<>();
        customer.put("id", customerId);
        customer.put("email", email);
        customer.put("group_id", "6");
        return customer;
    }
}
