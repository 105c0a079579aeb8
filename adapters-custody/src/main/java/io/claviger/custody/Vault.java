package io.claviger.custody;

import io.claviger.application.keys.port.OutsideKeyFailure;
import io.claviger.domain.keys.KeyUri;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Calls the Transit engine of Vault or OpenBao. Follows no redirects, and reads at most 64 KiB of
 * an answer. Exception messages never repeat text from the server.
 */
public final class Vault {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LARGEST_ANSWER = 65_536;
  private static final JsonFactory JSON = new JsonFactory();

  private final Optional<URI> address;
  private final Supplier<Optional<String>> token;
  private final Optional<byte[]> authorities;
  private final Duration patience;

  /**
   * @param address the value of {@code VAULT_ADDR}: an https URL, or an http URL on this machine
   * @param token a function that reads the token before each call, because agents replace the token
   * @param authorities the PEM certificates of the authorities that are trusted instead of the
   *     public authorities
   */
  public Vault(
      Optional<URI> address, Supplier<Optional<String>> token, Optional<byte[]> authorities) {
    this(address, token, authorities, PATIENCE);
  }

  Vault(
      Optional<URI> address,
      Supplier<Optional<String>> token,
      Optional<byte[]> authorities,
      Duration patience) {
    this.address = address;
    this.token = token;
    this.authorities = authorities;
    this.patience = patience;
  }

  /**
   * Calls an operation of Vault with a key, and returns the answer's body.
   *
   * @param operation the name of the operation, such as {@code encrypt}
   * @param variant the part of the path after the key's name; may be empty
   * @param body the request's JSON
   */
  byte[] post(String operation, KeyUri.Transit key, String variant, byte[] body) {
    return send(request(operation, key, variant).POST(BodyPublishers.ofByteArray(body)).build());
  }

  /** Returns Vault's information about a key, in JSON. */
  byte[] get(KeyUri.Transit key) {
    return send(request("keys", key, "").GET().build());
  }

  private HttpRequest.Builder request(String operation, KeyUri.Transit key, String variant) {
    URI base =
        address.orElseThrow(
            () -> OutsideKeyFailure.refused("Vault's address is missing: set VAULT_ADDR"));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(
                    "%s/v1/%s/%s/%s%s"
                        .formatted(
                            base.toString().replaceAll("/+$", ""),
                            key.mount(),
                            operation,
                            key.key(),
                            variant)))
            .timeout(patience)
            .header("Content-Type", "application/json")
            .header("X-Vault-Request", "true");
    token.get().ifPresent(text -> request.header("X-Vault-Token", visible(text)));
    return request;
  }

  /**
   * Checks that an HTTP header can contain the token. Without this check, the JDK's exception
   * message would repeat the token.
   */
  private static String visible(String token) {
    if (token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw OutsideKeyFailure.refused(
          "the file of VAULT_TOKEN_FILE must contain exactly one token");
    }
    return token;
  }

  /** Sends a request and returns the answer's body. The answer's status must be 200. */
  private byte[] send(HttpRequest request) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(patience);
    authorities.ifPresent(pem -> builder.sslContext(trusting(pem)));
    HttpClient client = builder.build();
    try {
      return client
          .sendAsync(request, BodyHandlers.ofInputStream())
          .thenApplyAsync(Vault::read)
          .get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw OutsideKeyFailure.away("Vault does not answer in time");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OutsideKeyFailure failure) {
        throw failure;
      }
      throw OutsideKeyFailure.away(
          e.getCause() instanceof SSLException
              ? "no secure connection to Vault: Vault's certificate is not trusted, or the"
                  + " server does not use TLS"
              : "Vault can't be reached");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw OutsideKeyFailure.away("the wait for Vault was interrupted");
    } finally {
      client.shutdownNow();
    }
  }

  private static SSLContext trusting(byte[] pem) {
    try {
      return TrustedAuthorities.client(pem);
    } catch (GeneralSecurityException e) {
      throw OutsideKeyFailure.refused("the file of VAULT_CACERT contains no PEM certificates");
    }
  }

  private static byte[] read(HttpResponse<InputStream> response) {
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        throw refusal(response.statusCode());
      }
      byte[] read = body.readNBytes(LARGEST_ANSWER);
      if (body.read() >= 0) {
        throw OutsideKeyFailure.refused("Vault's answer is too large");
      }
      return read;
    } catch (IOException e) {
      throw OutsideKeyFailure.away("Vault's answer is incomplete");
    }
  }

  private static OutsideKeyFailure refusal(int status) {
    return switch (status) {
      case 400 ->
          OutsideKeyFailure.refused(
              "Vault answers 400: there is no such key, or the value was wrapped with another"
                  + " key");
      case 401, 403 ->
          OutsideKeyFailure.refused(
              ("Vault answers %d: the token in VAULT_TOKEN_FILE has no permission for this"
                      + " operation")
                  .formatted(status));
      case 404 ->
          OutsideKeyFailure.refused("Vault answers 404: no secrets engine is mounted at this path");
      case 307 ->
          OutsideKeyFailure.away(
              "Vault answers 307: this server is a standby; VAULT_ADDR has to lead to the active"
                  + " server");
      case 503 -> OutsideKeyFailure.away("Vault answers 503: Vault is sealed or in maintenance");
      default ->
          status == 412 || status == 429 || status >= 472
              ? OutsideKeyFailure.away("Vault answers " + status)
              : OutsideKeyFailure.refused("Vault answers " + status);
    };
  }

  /**
   * Returns a value inside the {@code data} object of an answer.
   *
   * @param type the required JSON type of the value
   * @param path the names of the fields that lead to the value, outermost first
   * @return the value; empty if the answer does not contain the value
   */
  static <T> Optional<T> value(
      byte[] answer, JsonToken type, Function<JsonParser, T> read, String... path) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), answer)) {
      if (parser.nextToken() == JsonToken.START_OBJECT && find(parser, "data")) {
        for (String name : path) {
          if (parser.currentToken() != JsonToken.START_OBJECT || !find(parser, name)) {
            return Optional.empty();
          }
        }
        return parser.currentToken() == type ? Optional.of(read.apply(parser)) : Optional.empty();
      }
      return Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /** Moves the parser to the value of one of the present object's fields. */
  private static boolean find(JsonParser parser, String name) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      boolean found = parser.currentName().equals(name);
      JsonToken unused = parser.nextToken();
      if (found) {
        return true;
      }
      JsonParser unusedSame = parser.skipChildren();
    }
    return false;
  }
}
