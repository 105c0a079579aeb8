package io.claviger.oidc.trust;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.claviger.domain.identity.Issuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An issuer that publishes its metadata and keys on a socket of this machine. */
final class IssuerServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger fetches = new AtomicInteger();
  private volatile String metadata;
  private volatile String keys = "{\"keys\":[]}";
  private volatile int status = 200;

  IssuerServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  static String metadata(String issuer, String keys) {
    return "{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}".formatted(issuer, keys);
  }

  Issuer issuer() {
    return new Issuer(address());
  }

  String address() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  void publish(JWK... published) {
    keys = new JWKSet(List.of(published)).toString();
  }

  void sayMetadata(String text) {
    metadata = text;
  }

  void sayKeys(String text) {
    keys = text;
  }

  void answerWith(int other) {
    status = other;
  }

  /** How often the keys were asked for. */
  int fetches() {
    return fetches.get();
  }

  private void answer(HttpExchange exchange, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Location", "http://localhost:1/");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
