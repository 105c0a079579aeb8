package io.claviger.journeys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.claviger.testkit.RsaKeys;
import io.claviger.testkit.http.LocalHttp;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Date;
import java.util.Map;

/** A platform that gives its programs JWTs, and publishes its keys on a socket of this machine. */
public final class JwtIssuer implements AutoCloseable {
  private final RSAKey key;
  private final LocalHttp server = new LocalHttp();

  public JwtIssuer() {
    KeyPair pair = RsaKeys.next();
    key =
        new RSAKey.Builder((RSAPublicKey) pair.getPublic())
            .privateKey(pair.getPrivate())
            .keyID("first")
            .build();
    serve(
        "/.well-known/openid-configuration",
        "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(address(), address()));
    serve("/keys", new JWKSet(key.toPublicJWK()).toString());
  }

  public String address() {
    return server.url();
  }

  /** The port that nodes must be permitted to connect to. */
  public int port() {
    return server.port();
  }

  /** Answers requests for a path with this JSON. */
  public void serve(String path, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    server.serve(
        path,
        exchange -> {
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  /** A JWT that lasts for ten minutes. */
  public String jwt(String subject, String audience, Map<String, String> claims) {
    JWTClaimsSet.Builder set =
        new JWTClaimsSet.Builder()
            .issuer(address())
            .subject(subject)
            .audience(audience)
            .expirationTime(Date.from(Instant.now().plusSeconds(600)));
    claims.forEach(set::claim);
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), set.build());
    try {
      jwt.sign(new RSASSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return jwt.serialize();
  }

  @Override
  public void close() {
    server.close();
  }
}
