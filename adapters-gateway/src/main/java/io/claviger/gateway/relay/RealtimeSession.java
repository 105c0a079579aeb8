package io.claviger.gateway.relay;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.head.QueryFilter;
import io.claviger.gateway.model.SessionEvent;
import io.claviger.gateway.model.SessionMessage;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A session of OpenAI's Realtime API, whose model the handshake names. No turn begins by itself:
 * audio passes only once the provider has confirmed that. Confined to the event loop of the call.
 */
final class RealtimeSession {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int EVENT_BYTES = 18;
  private static final String PARAMETER = "model";
  private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9._:/@-]{1,128}");

  private static final CallError NO_MODEL =
      CallError.badRequest("The URL of a session names the model once, as in ?model=gpt-realtime.");
  private static final CallError OTHER_MODEL =
      CallError.badRequest("The client secret was made for another model than that of the URL.");
  private static final CallError TURNS_NOT_OFF =
      CallError.badRequest(
          "Audio passes once turns no longer begin by themselves. Send a session.update with"
              + " turn_detection: null first.");

  /** A second of sound has 48,000 bytes, or 8,000 if it is compressed, and is sent in Base64. */
  private static final long CHARACTERS_A_SECOND = 64_000;

  private static final long COMPRESSED_CHARACTERS_A_SECOND = 10_666;
  private static final long TOKENS_HEARD_A_SECOND = 10;
  private static final long TOKENS_SPOKEN_A_SECOND = 20;

  private final String model;
  private boolean awaitsUpdate;
  private boolean turnsAreAskedFor;
  private boolean compressed;
  private long textBytes;
  private long heardCharacters;
  private long spokenBefore;
  private long spokenCharacters;
  private long pieces;

  private RealtimeSession(String model) {
    this.model = model;
  }

  /**
   * @param query that of the handshake
   * @param made the model for which the secret of the session was made; null without a secret
   * @throws CallRefused if it names no model clearly, or one that is not allowed
   */
  static RealtimeSession of(AuthorizedCall given, String query, @Nullable String made) {
    List<String> named = QueryFilter.values(query, PARAMETER);
    String model =
        named.isEmpty() && made != null
            ? made
            : named.size() == 1 ? QueryStringDecoder.decodeComponent(named.getFirst()) : "";
    if (made != null && !made.equals(model)) {
      throw new CallRefused(OTHER_MODEL);
    }
    demandPermitted(given, model);
    return new RealtimeSession(model);
  }

  /**
   * @throws CallRefused if it can't be a model, or is not allowed
   */
  static void demandPermitted(AuthorizedCall given, String model) {
    if (!MODEL.matcher(model).matches()) {
      throw new CallRefused(NO_MODEL);
    }
    Optional<Set<ModelPattern>> allowed = given.models();
    if (allowed.isPresent() && !ModelPattern.anyMatches(allowed.get(), model)) {
      throw new CallRefused(CallError.modelNotAllowed(model));
    }
  }

  /** An id of a message that nobody can have guessed. */
  static String newEvent() {
    byte[] random = new byte[EVENT_BYTES];
    RANDOM.nextBytes(random);
    return "event_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  String model() {
    return model;
  }

  /** The query with which the provider is asked. */
  String query() {
    return PARAMETER + "=" + model;
  }

  /** Whether the provider has yet to answer a change of the session. */
  boolean awaitsUpdate() {
    return awaitsUpdate;
  }

  /** Why a message can't pass. */
  Optional<CallError> unfit(SessionMessage said) {
    return said.fault().isEmpty() && said.isSound() && !turnsAreAskedFor
        ? Optional.of(TURNS_NOT_OFF)
        : said.fault();
  }

  /** A message of the caller passes. */
  void said(SessionMessage message, int bytes) {
    if (message.isUpdate()) {
      awaitsUpdate = true;
      compressed |= message.isCompressed();
    }
    if (message.isSound()) {
      heardCharacters += bytes;
    } else {
      textBytes += bytes;
    }
    if (message.isCreate()) {
      spokenBefore += spokenTokens() + pieces;
      spokenCharacters = 0;
      pieces = 0;
    }
  }

  /** A response as a body that the gateway can read for what it may use. */
  String asksFor(SessionMessage create) {
    String most =
        create.mostOutput().isPresent()
            ? ",\"max_output_tokens\":" + create.mostOutput().getAsLong()
            : "";
    return "{\"model\":\"" + model + "\",\"input\":\"\"" + most + "}";
  }

  /** A message of the provider has arrived. */
  void heard(SessionEvent event, int bytes) {
    if (event.isSound()) {
      spokenCharacters += bytes;
    } else if (event.isPiece()) {
      pieces++;
    }
    if (event.isUpdated()) {
      turnsAreAskedFor = event.turnsAreAskedFor();
    }
    awaitsUpdate &= !event.isUpdated() && !event.isError();
  }

  private long spokenTokens() {
    return tokens(spokenCharacters, TOKENS_SPOKEN_A_SECOND);
  }

  private long tokens(long characters, long aSecond) {
    return Math.ceilDiv(
        characters * aSecond, compressed ? COMPRESSED_CHARACTERS_A_SECOND : CHARACTERS_A_SECOND);
  }

  /** What the response that is under way has used, as far as sizes tell it. */
  TokenUsage estimate() {
    long heard = tokens(heardCharacters, TOKENS_HEARD_A_SECOND);
    long spoken = spokenTokens();
    long input = TokenUsage.ofBytes(textBytes) + heard + spokenBefore;
    long output = spoken + pieces;
    return new TokenUsage(
        input,
        output,
        new TokenParts(0, 0, 0, 0, heard, spoken, 0, 0, 0, 0),
        new EstimatedUsage(1, input, output));
  }
}
