package io.claviger.credentials;

import io.claviger.application.credentials.port.CredentialMinter.MintFailure.Cause;
import io.claviger.application.credentials.port.CredentialMinter.MintResult;
import io.claviger.credentials.Attempt.Failed;
import io.claviger.domain.keys.Secret;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Reads the answer of a token endpoint as RFC 6749 (5.1, 5.2) defines it: a bearer token with its
 * lifetime, or an error. Also reads errors in the formats of Google's APIs and OpenAI's API. The
 * token never becomes a {@code String}. No text of an answer stays in memory.
 */
final class AnsweredToken {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_.:-]{1,64}");

  /** Some servers state fractions of seconds, which are ignored. */
  private static final Pattern SECONDS = Pattern.compile("(-?[0-9]{1,12})(?:\\.[0-9]{1,12})?");

  private static final Duration NOTABLE = Duration.ofMinutes(1);

  private final Map<String, String> texts = new HashMap<>();
  private byte @Nullable [] token;

  private AnsweredToken() {}

  /**
   * Ends an attempt successfully with the token in an answer, and wipes the answer.
   *
   * @throws Failed if the answer contains no usable token
   */
  static MintResult minted(Attempt attempt, TokenHttp.Answer answer, Undisclosed undisclosed)
      throws Failed {
    try {
      return of(answer, undisclosed).minted(attempt, answer.time());
    } finally {
      answer.wipe();
    }
  }

  private static AnsweredToken of(TokenHttp.Answer answer, Undisclosed undisclosed) throws Failed {
    AnsweredToken read = new AnsweredToken();
    boolean isJson = read.read(answer.body());
    if (answer.status() != 200 && answer.status() != 201) {
      read.wipe();
      String said = undisclosed.shown((read.code() + " " + read.description()).strip());
      throw refused(answer, said, false);
    }
    if (!isJson) {
      read.wipe();
      throw new Failed(
          Cause.MISCONFIGURED,
          "The answer is not a JSON object with a token. Is this the address of a token URL?");
    }
    return read;
  }

  /** Returns the error code in an answer; empty if there is none. */
  static String errorCode(TokenHttp.Answer answer) {
    AnsweredToken read = new AnsweredToken();
    boolean unused = read.read(answer.body());
    read.wipe();
    return read.code();
  }

  /**
   * Returns those members of a JSON object whose values are texts; an empty map if the text is not
   * a JSON object.
   */
  static Map<String, String> texts(String json) {
    AnsweredToken read = new AnsweredToken();
    boolean whole = read.read(json.getBytes(StandardCharsets.UTF_8));
    read.wipe();
    return whole ? read.texts : Map.of();
  }

  private MintResult minted(Attempt attempt, Instant time) throws Failed {
    byte[] bytes = token;
    if (bytes == null) {
      throw new Failed(
          Cause.MISCONFIGURED,
          "The answer has no access_token. Is this the address of a token URL?");
    }
    String type = texts.getOrDefault("token_type", "Bearer");
    String seconds = texts.getOrDefault("expires_in", remaining(time));
    Optional<Secret> hidden = CredentialSecrets.token(bytes);
    if (hidden.isEmpty()) {
      throw new Failed(
          Cause.MISCONFIGURED,
          "The token has characters that no header can carry, or is too short or too long.");
    }
    Secret secret = hidden.get();
    if (!type.equalsIgnoreCase("Bearer")) {
      secret.close();
      throw new Failed(
          Cause.MISCONFIGURED, "The token's type is not Bearer, so no call can send the token.");
    }
    Matcher whole = SECONDS.matcher(seconds);
    if (!whole.matches()) {
      secret.close();
      throw new Failed(
          Cause.MISCONFIGURED,
          "The answer does not say in expires_in for how many seconds the token lives.");
    }
    return attempt.minted(secret, Duration.ofSeconds(Long.parseLong(whole.group(1))));
  }

  /**
   * Some servers state the time at which a token expires instead of the token's lifetime. Azure's
   * agents state this time in seconds since 1970; Google's API for service accounts states a date.
   */
  private String remaining(Instant time) {
    Matcher expires = SECONDS.matcher(texts.getOrDefault("expires_on", ""));
    if (expires.matches()) {
      return Long.toString(Long.parseLong(expires.group(1)) - time.getEpochSecond());
    }
    try {
      Instant date = Instant.parse(texts.getOrDefault("expireTime", ""));
      return Long.toString(date.getEpochSecond() - time.getEpochSecond());
    } catch (DateTimeException noDate) {
      return "";
    }
  }

  /**
   * Returns the failure for an answer with an error instead of a token.
   *
   * @param said the server's explanation, which contains no secret
   * @param busy whether the server asks Claviger to try again later
   */
  static Failed refused(TokenHttp.Answer answer, String said, boolean busy) {
    int status = answer.status();
    if (status >= 300 && status < 400) {
      return new Failed(
          Cause.MISCONFIGURED,
          ("It answered with a redirect (%d). Claviger does not follow redirects. Enter the"
                  + " address to which the redirect leads.")
              .formatted(status));
    }
    String reason = "It answered with %d%s".formatted(status, said.isEmpty() ? "." : ": " + said);
    boolean later = busy || status == 408 || status == 425 || status == 429;
    if (later || status < 400 || status >= 500) {
      return new Failed(Cause.UNAVAILABLE, reason);
    }
    return status == 400 || status == 401 || status == 403
        ? new Failed(Cause.REFUSED, reason + clock(answer))
        : new Failed(Cause.MISCONFIGURED, reason + " Is this the address of a token URL?");
  }

  /**
   * Returns a hint that a clock might be wrong. With a wrong clock, a signed statement looks
   * expired or not yet valid.
   */
  private static String clock(TokenHttp.Answer answer) {
    Duration off = answer.clockOff().orElse(Duration.ZERO);
    return off.abs().compareTo(NOTABLE) < 0
        ? ""
        : (" This node's clock is %,d seconds %s the other side's clock. Correct this node's"
                + " clock.")
            .formatted(off.abs().toSeconds(), off.isNegative() ? "ahead of" : "behind");
  }

  private String code() {
    for (String field : new String[] {"error", "error.status", "error.code", "error.type"}) {
      String code = texts.getOrDefault(field, "");
      if (CODE.matcher(code).matches()) {
        return code;
      }
    }
    return "";
  }

  private String description() {
    for (String field : new String[] {"error_description", "error.message", "message"}) {
      String text = texts.getOrDefault(field, "");
      if (!text.isEmpty()) {
        return text;
      }
    }
    return "";
  }

  private void wipe() {
    byte[] bytes = token;
    if (bytes != null) {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Reads the fields of a JSON object, and the fields of its {@code error} object. */
  private boolean read(byte[] body) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      object(parser, "");
      return parser.nextToken() == null;
    } catch (JacksonException notJson) {
      return false;
    }
  }

  private void object(JsonParser parser, String path) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = path + parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("access_token") || name.equals("accessToken")) {
        token = value == JsonToken.VALUE_STRING ? bytes(parser) : null;
      } else if (value == JsonToken.START_OBJECT && name.equals("error")) {
        object(parser, "error.");
      } else if (value.isStructStart()) {
        parser.skipChildren();
      } else if (value == JsonToken.VALUE_STRING || value.isNumeric()) {
        texts.put(name, parser.getString());
      }
    }
  }

  /**
   * Encodes a text in an array that is then wiped, because no copy of a token may stay in the heap.
   */
  private static byte[] bytes(JsonParser parser) {
    CharBuffer text =
        CharBuffer.wrap(
            parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
    byte[] room = new byte[3 * text.length()];
    ByteBuffer encoded = ByteBuffer.wrap(room);
    CoderResult unused =
        StandardCharsets.UTF_8
            .newEncoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .encode(text, encoded, true);
    byte[] bytes = Arrays.copyOf(room, encoded.position());
    Arrays.fill(room, (byte) 0);
    return bytes;
  }
}
