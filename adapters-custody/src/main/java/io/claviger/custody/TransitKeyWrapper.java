package io.claviger.custody;

import io.claviger.application.keys.port.KeyWrapper;
import io.claviger.domain.keys.KeyUri;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Wraps with a key of the Transit engine of Vault or OpenBao. What is wrapped is the engine's
 * ciphertext ({@code vault:v1:…}). Nothing that the server says is repeated.
 */
public final class TransitKeyWrapper implements KeyWrapper {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LARGEST_ANSWER = 65_536;
  private static final JsonFactory JSON = new JsonFactory();

  private final Optional<URI> address;
  private final Supplier<Optional<String>> token;
  private final Duration patience;

  /**
   * @param address {@code VAULT_ADDR}: https, or http on this machine
   * @param token reads the token anew for each call, because agents renew it
   */
  public TransitKeyWrapper(Optional<URI> address, Supplier<Optional<String>> token) {
    this(address, token, PATIENCE);
  }

  TransitKeyWrapper(Optional<URI> address, Supplier<Optional<String>> token, Duration patience) {
    this.address = address;
    this.token = token;
    this.patience = patience;
  }

  @Override
  public boolean uses(KeyUri with) {
    return with instanceof KeyUri.Transit;
  }

  @Override
  public byte[] wrap(byte[] key, KeyUri with) {
    byte[] encoded = Base64.getEncoder().encode(key);
    try {
      return call("encrypt", "plaintext", encoded, with, "ciphertext", TransitKeyWrapper::text);
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }

  @Override
  public byte[] unwrap(byte[] wrapped, KeyUri with) {
    for (byte each : wrapped) {
      if (each <= ' ' || each > '~' || each == '"' || each == '\\') {
        throw KeyWrapperFailure.refused("what is wrapped is no ciphertext of Transit");
      }
    }
    return call("decrypt", "ciphertext", wrapped, with, "plaintext", JsonParser::getBinaryValue);
  }

  /** The ciphertext. */
  private static byte[] text(JsonParser parser) {
    return parser.getString().getBytes(StandardCharsets.UTF_8);
  }

  private byte[] call(
      String operation,
      String name,
      byte[] value,
      KeyUri with,
      String expected,
      Function<JsonParser, byte[]> read) {
    byte[] body = body(name, value);
    byte[] answer = new byte[0];
    try {
      answer = send(request(operation, (KeyUri.Transit) with, body));
      return member(answer, expected, read)
          .orElseThrow(() -> KeyWrapperFailure.refused("Vault's answer lacks the " + expected));
    } finally {
      Arrays.fill(body, (byte) 0);
      Arrays.fill(answer, (byte) 0);
    }
  }

  private static byte[] body(String name, byte[] value) {
    byte[] start = ("{\"" + name + "\":\"").getBytes(StandardCharsets.US_ASCII);
    byte[] end = "\"}".getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(start.length + value.length + end.length)
        .put(start)
        .put(value)
        .put(end)
        .array();
  }

  private HttpRequest request(String operation, KeyUri.Transit key, byte[] body) {
    URI base =
        address.orElseThrow(
            () -> KeyWrapperFailure.refused("Vault's address is missing: set VAULT_ADDR"));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(
                    "%s/v1/%s/%s/%s"
                        .formatted(
                            base.toString().replaceAll("/+$", ""),
                            key.mount(),
                            operation,
                            key.key())))
            .timeout(patience)
            .header("Content-Type", "application/json")
            .header("X-Vault-Request", "true")
            .POST(BodyPublishers.ofByteArray(body));
    token.get().ifPresent(text -> request.header("X-Vault-Token", text));
    return request.build();
  }

  /** Returns the body of an answer with the status 200. */
  private byte[] send(HttpRequest request) {
    HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(patience)
            .build();
    try {
      return client
          .sendAsync(request, BodyHandlers.ofInputStream())
          .thenApplyAsync(TransitKeyWrapper::read)
          .get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw KeyWrapperFailure.away("Vault does not answer in time");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KeyWrapperFailure failure) {
        throw failure;
      }
      throw KeyWrapperFailure.away(
          e.getCause() instanceof SSLException
              ? "no safe connection to Vault: its certificate is not trusted, or it speaks no TLS"
              : "Vault can't be reached");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw KeyWrapperFailure.away("the wait for Vault was interrupted");
    } finally {
      client.shutdownNow();
    }
  }

  private static byte[] read(HttpResponse<InputStream> response) {
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        throw refusal(response.statusCode());
      }
      byte[] read = body.readNBytes(LARGEST_ANSWER);
      if (body.read() >= 0) {
        throw KeyWrapperFailure.refused("Vault's answer is too large");
      }
      return read;
    } catch (IOException e) {
      throw KeyWrapperFailure.away("Vault's answer broke off");
    }
  }

  private static KeyWrapperFailure refusal(int status) {
    return switch (status) {
      case 400 ->
          KeyWrapperFailure.refused(
              "Vault answers 400: there is no such key, or it was wrapped with another one");
      case 401, 403 ->
          KeyWrapperFailure.refused(
              "Vault answers %d: the token in VAULT_TOKEN_FILE may not do this".formatted(status));
      case 404 -> KeyWrapperFailure.refused("Vault answers 404: nothing is mounted there");
      case 503 -> KeyWrapperFailure.away("Vault answers 503: it is sealed or in maintenance");
      default ->
          status == 412 || status == 429 || status >= 472
              ? KeyWrapperFailure.away("Vault answers " + status)
              : KeyWrapperFailure.refused("Vault answers " + status);
    };
  }

  /** Returns a member of the object {@code data}; empty if the body has no such text. */
  private static Optional<byte[]> member(
      byte[] body, String name, Function<JsonParser, byte[]> read) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT || !find(parser, "data")) {
        return Optional.empty();
      }
      return parser.currentToken() == JsonToken.START_OBJECT
              && find(parser, name)
              && parser.currentToken() == JsonToken.VALUE_STRING
          ? Optional.of(read.apply(parser))
          : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /** Goes to the value of a member of the object that the parser has entered. */
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
