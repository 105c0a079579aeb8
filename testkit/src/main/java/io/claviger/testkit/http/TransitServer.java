package io.claviger.testkit.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.claviger.testkit.RsaKeys;
import io.claviger.testkit.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server that answers calls to Vault's Transit engine as shown in <i>Transit secrets engine
 * (API)</i> at developer.hashicorp.com, read in November 2026. The server encrypts with its own
 * keys, and checks the token of each call.
 */
public final class TransitServer implements AutoCloseable {
  public static final String TOKEN = "hvs.canary-token-of-transit";

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern PATH =
      Pattern.compile("/v1/(.+)/(encrypt|decrypt|sign|keys)/([^/]+?)(/sha2-256)?");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Map<String, SecretKey> keys = new ConcurrentHashMap<>();
  private final Map<String, List<KeyPair>> signing = new ConcurrentHashMap<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile Optional<Answer> instead = Optional.empty();

  private record Answer(int status, String body) {}

  private TransitServer(HttpServer server) {
    this.server = server;
  }

  /**
   * @param keys the names of the server's keys with their mounts, such as {@code transit/claviger}
   */
  public static TransitServer start(String... keys) throws IOException {
    return start(HttpServer.create(anyPort(), 0), keys);
  }

  /** Starts a transit server with TLS. */
  public static TransitServer startSecurely(TlsIdentity identity, String... keys) throws Exception {
    HttpsServer server = HttpsServer.create(anyPort(), 0);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(identity.keyManagers().getKeyManagers(), null, null);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return start(server, keys);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static TransitServer start(HttpServer server, String... keys) {
    TransitServer transit = new TransitServer(server);
    for (String key : keys) {
      byte[] bytes = new byte[32];
      RANDOM.nextBytes(bytes);
      transit.keys.put(key, new SecretKeySpec(bytes, "AES"));
    }
    server.createContext("/", transit::handle);
    server.start();
    return transit;
  }

  public String address() {
    return (server instanceof HttpsServer ? "https" : "http")
        + "://127.0.0.1:"
        + server.getAddress().getPort();
  }

  /** Answers all calls with this status and body from now on. */
  public void answer(int status, String body) {
    instead = Optional.of(new Answer(status, body));
  }

  /** From now on, answers calls as Transit does. */
  public void answer() {
    instead = Optional.empty();
  }

  /** The methods and paths of the calls so far. */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getRawPath();
      calls.add(exchange.getRequestMethod() + " " + path);
      byte[] body = exchange.getRequestBody().readAllBytes();
      Answer answer = instead.orElse(null);
      if (answer == null) {
        answer =
            answer(
                exchange.getRequestMethod(),
                path,
                exchange.getRequestHeaders().getFirst("X-Vault-Token"),
                body);
      }
      byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Location", address() + "/elsewhere");
      exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private Answer answer(String method, String path, String token, byte[] body) throws IOException {
    if (!TOKEN.equals(token)) {
      return new Answer(403, "{\"errors\":[\"permission denied\"]}");
    }
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      return new Answer(404, "{\"errors\":[\"no handler for route\"]}");
    }
    SecretKey key = keys.get(matcher.group(1) + "/" + matcher.group(3));
    boolean asks = matcher.group(2).equals("keys");
    if (!method.equals(asks ? "GET" : "POST")) {
      return new Answer(405, "{\"errors\":[\"unsupported operation\"]}");
    }
    JsonNode request = asks ? JSON.createObjectNode() : JSON.readTree(body);
    List<KeyPair> versions = signing.get(matcher.group(1) + "/" + matcher.group(3));
    if (versions != null) {
      try {
        return asks ? known(versions) : sign(versions, request);
      } catch (GeneralSecurityException e) {
        throw new IOException(e);
      }
    }
    if (key == null) {
      return new Answer(400, "{\"errors\":[\"encryption key not found\"]}");
    }
    try {
      return matcher.group(2).equals("encrypt")
          ? data("ciphertext", encrypt(key, request.path("plaintext").asString()))
          : data("plaintext", decrypt(key, request.path("ciphertext").asString()));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return new Answer(400, "{\"errors\":[\"cipher: message authentication failed\"]}");
    }
  }

  /** Adds a signing key of 2048 bits, or the next version of an existing signing key. */
  public void rotateRsaKey(String key) {
    rotateRsaKey(key, RsaKeys.next());
  }

  /** Adds a signing key, or the next version of an existing signing key. */
  public void rotateRsaKey(String key, KeyPair version) {
    signing.computeIfAbsent(key, unused -> new CopyOnWriteArrayList<>()).add(version);
  }

  private static Answer known(List<KeyPair> versions) {
    StringBuilder keys = new StringBuilder();
    for (int version = 1; version <= versions.size(); version++) {
      keys.append(version == 1 ? "" : ",")
          .append(
              "\"%d\":{\"name\":\"rsa-2048\",\"public_key\":\"-----BEGIN PUBLIC KEY-----\\n%s\\n-----END PUBLIC KEY-----\\n\"}"
                  .formatted(
                      version,
                      Base64.getMimeEncoder()
                          .encodeToString(versions.get(version - 1).getPublic().getEncoded())
                          .replace("\r\n", "\\n")));
    }
    return new Answer(
        200,
        "{\"data\":{\"type\":\"rsa-2048\",\"keys\":{%s},\"latest_version\":%d,\"name\":\"issuer\"}}"
            .formatted(keys, versions.size()));
  }

  private static Answer sign(List<KeyPair> versions, JsonNode request)
      throws GeneralSecurityException {
    if (!request.path("signature_algorithm").asString().equals("pkcs1v15")) {
      return new Answer(400, "{\"errors\":[\"unsupported signature algorithm\"]}");
    }
    int version = request.path("key_version").asInt();
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(versions.get(version - 1).getPrivate());
    signature.update(Base64.getDecoder().decode(request.path("input").asString()));
    return data(
        "signature",
        "vault:v%d:%s".formatted(version, Base64.getEncoder().encodeToString(signature.sign())));
  }

  private static Answer data(String name, String value) {
    return new Answer(
        200,
        """
        {"request_id":"7d1f","lease_id":"","renewable":false,"lease_duration":0,
         "data":{"key_version":1,"%s":"%s"},"wrap_info":null,"warnings":null,"auth":null}"""
            .formatted(name, value));
  }

  private static String encrypt(SecretKey key, String plaintext) throws GeneralSecurityException {
    byte[] nonce = new byte[12];
    RANDOM.nextBytes(nonce);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce));
    byte[] encrypted = cipher.doFinal(Base64.getDecoder().decode(plaintext));
    byte[] all = ByteBuffer.allocate(12 + encrypted.length).put(nonce).put(encrypted).array();
    return "vault:v1:" + Base64.getEncoder().encodeToString(all);
  }

  private static String decrypt(SecretKey key, String ciphertext) throws GeneralSecurityException {
    if (!ciphertext.startsWith("vault:v1:")) {
      throw new IllegalArgumentException("no ciphertext");
    }
    byte[] all = Base64.getDecoder().decode(ciphertext.substring("vault:v1:".length()));
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        key,
        new GCMParameterSpec(128, Arrays.copyOf(all, Math.min(12, all.length))));
    return Base64.getEncoder().encodeToString(cipher.doFinal(all, 12, all.length - 12));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
