package io.claviger.journeys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.claviger.testkit.RsaKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Date;
import java.util.Map;

/** A platform that gives its programs JWTs, and publishes its keys on a socket of this machine. */
public final class JwtIssuer implements AutoCloseable {
  private final RSAKey key;
  private final HttpServer server;

  public JwtIssuer() {
    try {
      KeyPair pair = RsaKeys.next();
      key =
          new RSAKey.Builder((RSAPublicKey) pair.getPublic())
              .privateKey(pair.getPrivate())
              .keyID("first")
              .build();
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    serve(
        "/.well-known/openid-configuration",
        "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(address(), address()));
    serve("/keys", new JWKSet(key.toPublicJWK()).toString());
    server.start();
  }

  public String address() {
    return "http://127.0.0.1:" + port();
  }

  /** The port that nodes must be permitted to connect to. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Answers requests for a path with this JSON. */
  public void serve(String path, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    server.createContext(
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
    server.stop(0);
  }
}
