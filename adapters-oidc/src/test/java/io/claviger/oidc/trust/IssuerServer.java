package io.claviger.oidc.trust;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.claviger.domain.identity.Issuer;
import io.claviger.testkit.RsaKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** An issuer that publishes its metadata and keys on a socket of this machine. */
public final class IssuerServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final String origin;
  private final AtomicInteger fetches = new AtomicInteger();
  private volatile String metadata;
  private volatile String keys = "{\"keys\":[]}";
  private volatile int status = 200;
  private volatile String location = "http://localhost:1/";

  public IssuerServer() {
    this("http://localhost", plain());
  }

  /** Creates an issuer that serves its documents over TLS. */
  public IssuerServer(String origin, SSLContext tls) {
    this(origin, secured(tls));
  }

  private IssuerServer(String origin, HttpServer server) {
    this.server = server;
    this.origin = origin;
    metadata = metadata(address(), address() + "/keys");
    server.createContext(
        "/.well-known/openid-configuration", exchange -> answer(exchange, metadata));
    server.createContext(
        "/keys",
        exchange -> {
          int unused = fetches.incrementAndGet();
          answer(exchange, keys);
        });
    server.setExecutor(threads);
    server.start();
  }

  private static HttpServer plain() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HttpServer secured(SSLContext tls) {
    try {
      HttpsServer secured =
          HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      secured.setHttpsConfigurator(new HttpsConfigurator(tls));
      return secured;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String metadata(String issuer, String keys) {
    return "{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}".formatted(issuer, keys);
  }

  public Issuer issuer() {
    return new Issuer(address());
  }

  public String address() {
    return origin + ":" + server.getAddress().getPort();
  }

  public void publish(JWK... published) {
    keys = new JWKSet(List.of(published)).toString();
  }

  public void sayMetadata(String text) {
    metadata = text;
  }

  public void sayKeys(String text) {
    keys = text;
  }

  public void answerWith(int other) {
    status = other;
  }

  /** Sets the URL to which redirects lead. */
  public void redirectTo(String other) {
    location = other;
  }

  /** Serves a further path. */
  public void serve(String path, HttpHandler handler) {
    server.createContext(path, handler);
  }

  /**
   * Serves a further path very slowly: sends one byte from time to time, so that no socket timeout
   * ever passes.
   *
   * @param end after its count has reached zero, no more bytes are sent
   */
  public void drip(String path, Duration pause, CountDownLatch end) {
    serve(
        path,
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try {
            while (!end.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
              exchange.getResponseBody().write(' ');
              exchange.getResponseBody().flush();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            exchange.close();
          }
        });
  }

  /** Returns how often the keys were requested. */
  public int fetches() {
    return fetches.get();
  }

  private void answer(HttpExchange exchange, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.getResponseHeaders().set("Location", location);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /**
   * Returns a key that signs tokens.
   *
   * @param number from 0 to 3; always the same key for a number
   */
  public static RSAKey key(int number, String id) {
    KeyPair pair = RsaKeys.pair(number);
    return new RSAKey.Builder((RSAPublicKey) pair.getPublic())
        .privateKey(pair.getPrivate())
        .keyID(id)
        .build();
  }
}
