package io.claviger.gateway.relay;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.head.QueryFilter;
import io.claviger.gateway.model.SecretRequest;
import io.claviger.gateway.model.SessionEvent;
import io.claviger.gateway.model.SessionMessage;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The state of a session of OpenAI's Realtime API. The session's handshake names its model. The
 * gateway tells the provider to begin no response without a request, and forwards audio only after
 * the provider has confirmed this. Only used on the event loop of the call.
 */
final class RealtimeSession {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int EVENT_BYTES = 18;
  private static final String MODEL_PARAMETER = "model";
  private static final String DEPLOYMENT = "deployment";
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9.-]{1,40}");
  private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9._:/@-]{1,128}");

  static final CallError NO_MODEL =
      CallError.badRequest("Name the model once in the URL, as in ?model=gpt-realtime.");
  private static final CallError OTHER_MODEL =
      CallError.badRequest(
          "The client secret was made for another model, not for the model in the URL.");
  static final CallError TURNS_NOT_OFF =
      CallError.badRequest(
          "The provider keeps beginning responses on its own, for which no budget can be reserved."
              + " So no audio is forwarded. Send a session.update with turn_detection: null.");

  /**
   * The number of Base64 characters that encode a second of sound. Before the encoding, a second of
   * sound has 48,000 bytes, or 8,000 bytes if it is compressed.
   */
  private static final long CHARACTERS_A_SECOND = 64_000;

  private static final long COMPRESSED_CHARACTERS_A_SECOND = 10_666;
  private static final long TOKENS_HEARD_A_SECOND = 10;
  private static final long TOKENS_SPOKEN_A_SECOND = 20;

  private static final String OF_PREVIEW =
      "\"turn_detection\":{\"type\":\"server_vad\",\"create_response\":false}";
  private static final String OF_VERSION_1 =
      "\"type\":\"realtime\",\"audio\":{\"input\":{" + OF_PREVIEW + "}}";

  private static final String ANSWERED = "answered";

  private final String asked;
  private final String model;
  private final String query;
  private boolean awaitsUpdate;
  private boolean turnsAreAskedFor;

  /** Whether the caller wants an answer to each detected turn. */
  private boolean answersTurns;

  private boolean isOfPreview;
  private boolean hasStopped;

  /** The id of the gateway's own update of the session; empty if there was none. */
  private String ownUpdate = "";

  private boolean compressed;
  private long textBytes;
  private long heardCharacters;
  private long spokenBefore;
  private long spokenCharacters;
  private long pieces;

  private RealtimeSession(String asked, String model, String query) {
    this.asked = asked;
    this.model = model;
    this.query = query;
  }

  /**
   * @param query the query of the caller's handshake
   * @throws CallRefused if the query does not name exactly one model, if the model is not allowed,
   *     or if the client secret is for another model
   */
  static RealtimeSession of(AuthorizedCall given, String query, SocketTarget target) {
    String asked = asked(query, target.made().map(SecretRequest::model));
    String model = target.names().map(SocketTarget.Names::called).orElse(asked);
    demandPermitted(given, model);
    return new RealtimeSession(asked, model, query(given, query, target.path(), model));
  }

  /**
   * Returns the caller's name for the model.
   *
   * @param made the model of the client secret; empty without a client secret
   * @throws CallRefused if the query does not name exactly one model, or if the named model is not
   *     the model of the client secret
   */
  static String asked(String query, Optional<String> made) {
    boolean isNamed = !named(query).isEmpty();
    String asked =
        (isNamed || made.isEmpty() ? modelOf(query) : made)
            .orElseThrow(() -> new CallRefused(NO_MODEL));
    if (made.isPresent() && !made.get().equals(asked)) {
      throw new CallRefused(OTHER_MODEL);
    }
    return asked;
  }

  /**
   * @throws CallRefused if the text can't be the name of a model, or if the model is not allowed
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

  /**
   * Returns the query for the provider. For Azure's preview, the path contains no version, and the
   * query names the deployment and the version.
   */
  private static String query(AuthorizedCall given, String query, String path, String model) {
    boolean isPreview = path.equals(SocketTarget.OF_PREVIEW);
    String version =
        isPreview && given.standard().queryParameters().contains(RequestHead.VERSION_OF_AZURE)
            ? QueryFilter.values(query, RequestHead.VERSION_OF_AZURE).stream()
                .findFirst()
                .filter(text -> PLAIN.matcher(text).matches())
                .map(text -> RequestHead.VERSION_OF_AZURE + "=" + text + "&")
                .orElse("")
            : "";
    return version + (isPreview ? DEPLOYMENT : MODEL_PARAMETER) + "=" + model;
  }

  /**
   * The model in the query of a handshake; empty if the query does not name exactly one model.
   *
   * @throws CallRefused if the model is not correctly percent-encoded
   */
  static Optional<String> modelOf(String query) {
    List<String> named = named(query);
    return named.size() == 1
        ? Optional.of(QueryFilter.decoded(named.getFirst()))
            .filter(name -> MODEL.matcher(name).matches())
        : Optional.empty();
  }

  private static List<String> named(String query) {
    return Stream.of(MODEL_PARAMETER, DEPLOYMENT)
        .flatMap(each -> QueryFilter.values(query, each).stream())
        .toList();
  }

  /** Returns an unguessable id for a message. */
  static String newEvent() {
    byte[] random = new byte[EVENT_BYTES];
    RANDOM.nextBytes(random);
    return "event_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  String model() {
    return model;
  }

  /** Returns the query of the request to the provider. */
  String query() {
    return query;
  }

  /** The caller's name for the model. */
  String asked() {
    return asked;
  }

  /**
   * Whether the provider has not yet answered the last request to change the session's settings.
   */
  boolean awaitsUpdate() {
    return awaitsUpdate;
  }

  /**
   * Whether audio may be forwarded. Audio may be forwarded once the provider has confirmed that it
   * begins no response without a request.
   */
  boolean takesSound() {
    return turnsAreAskedFor;
  }

  /**
   * Returns the message that tells the provider not to begin responses without a request. The
   * gateway then requests the responses.
   *
   * @return the message; empty if it has already been sent
   */
  Optional<String> asksForNoTurns() {
    if (!ownUpdate.isEmpty()) {
      return Optional.empty();
    }
    ownUpdate = newEvent();
    awaitsUpdate = true;
    answersTurns = true;
    return Optional.of(
        "{\"type\":\"session.update\",\"event_id\":\"%s\",\"session\":{%s}}"
            .formatted(ownUpdate, isOfPreview ? OF_PREVIEW : OF_VERSION_1));
  }

  /** Evaluates a message that the gateway forwards from the caller to the provider. */
  void said(SessionMessage message) {
    if (message.isUpdate()) {
      awaitsUpdate = true;
      compressed |= message.isCompressed();
    }
    answersTurns = message.answersTurns().orElse(answersTurns);
    if (message.isSound()) {
      heardCharacters += message.bytes();
    } else {
      textBytes += message.bytes();
    }
  }

  /** Called at the beginning of a response. */
  void asks() {
    spokenBefore += spokenTokens() + pieces;
    spokenCharacters = 0;
    pieces = 0;
  }

  /**
   * The settings of a response in the form of a request body, from which the gateway can read how
   * many tokens the response may use.
   */
  String asksFor(OptionalLong mostOutput) {
    String most = mostOutput.isPresent() ? ",\"max_output_tokens\":" + mostOutput.getAsLong() : "";
    return "{\"model\":\"" + model + "\",\"input\":\"\"" + most + "}";
  }

  /**
   * Evaluates a message of the provider.
   *
   * @return whether the message answers a request by the gateway itself, and must not be forwarded
   *     to the caller
   */
  boolean heard(SessionEvent event, int bytes) {
    if (event.isSound()) {
      spokenCharacters += bytes;
    } else if (event.isPiece()) {
      pieces++;
    }
    if (event.isUpdated() || event.isBegin()) {
      turnsAreAskedFor = event.turnsAreAskedFor();
      isOfPreview = event.isOfPreview();
    }
    boolean isOwnDue = !ownUpdate.isEmpty() && !ownUpdate.equals(ANSWERED);
    boolean isRefusal = event.isError() && (!isOwnDue || event.refused().equals(ownUpdate));
    boolean answers = awaitsUpdate && (event.isUpdated() || isRefusal);
    boolean own = answers && isOwnDue;
    awaitsUpdate &= !answers;
    ownUpdate = own ? ANSWERED : ownUpdate;
    return own;
  }

  /** Whether this event ends a turn that requires a response. */
  boolean endsTurn(SessionEvent event) {
    hasStopped |= event.isSpeechStopped();
    boolean due = hasStopped && answersTurns && event.isCommitted();
    hasStopped &= !event.isCommitted();
    return due;
  }

  private long spokenTokens() {
    return tokens(spokenCharacters, TOKENS_SPOKEN_A_SECOND);
  }

  private long tokens(long characters, long aSecond) {
    return Math.ceilDiv(
        characters * aSecond, compressed ? COMPRESSED_CHARACTERS_A_SECOND : CHARACTERS_A_SECOND);
  }

  /** The estimated number of tokens of the current response, based on the sizes of messages. */
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
