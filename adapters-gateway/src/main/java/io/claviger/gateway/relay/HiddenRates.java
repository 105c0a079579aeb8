package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.domain.formats.ErrorMeaning;
import io.claviger.domain.formats.JsonText;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.gateway.model.StatedErrors;
import io.claviger.gateway.model.StatedErrors.StatedError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces a provider's error about the account's rate limits or credit if the caller must not know
 * them. The new error has the status and code that SDKs recognize.
 */
final class HiddenRates {
  private static final int STATUS = 429;
  private static final int NO_CREDIT_LEFT = 402;

  /**
   * Statuses with which providers refuse calls for other reasons, too, so that the code of the
   * error decides whether the error is about rate limits or credit.
   */
  private static final Set<Integer> OFTEN_OTHER = Set.of(400, 403, 413);

  private static final String TOO_FAST = "rate_limit_exceeded";
  private static final String NO_CREDIT = "insufficient_quota";
  private static final String ERROR = "error";
  private static final String EVENT = "event_id";

  /** The types of messages that might contain a provider's error. */
  private static final Set<String> TYPES =
      Set.of(
          ERROR,
          "response.failed",
          "response.incomplete",
          "response.done",
          "conversation.item.input_audio_transcription.failed");

  /** The members that might contain an error's HTTP status. */
  private static final List<String> STATUSES = List.of("status", "status_code", "code");

  /**
   * The pattern of the time for which the message of an error asks callers to wait. Codex reads the
   * time from the message, because an error within a stream has no headers.
   */
  private static final Pattern WAIT =
      Pattern.compile(
          "(?i)try again in ((?:\\d{1,6}(?:\\.\\d{1,6})?(?:ms|[hms])){1,3}|\\d{1,6} seconds?)\\b");

  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  private HiddenRates() {}

  /** Whether an answer with this status might be about the account's rate limits or credit. */
  static boolean mayBeIn(int status) {
    return status == STATUS || status == NO_CREDIT_LEFT || OFTEN_OTHER.contains(status);
  }

  /**
   * Whether an answer is about the account's rate limits or credit.
   *
   * @param status a status that {@link #mayBeIn} accepts
   * @param stated the meaning of the answer's body
   */
  static boolean areIn(int status, ErrorMeaning stated) {
    return !OFTEN_OTHER.contains(status)
        || stated == ErrorMeaning.PACE
        || stated == ErrorMeaning.CREDIT_EXHAUSTED;
  }

  /**
   * The body of an answer about the account's rate limits or credit.
   *
   * @param status the status of the answer
   * @param stated the meaning of the provider's body
   * @param wait the waiting time that the provider asks of callers; empty if the provider does not
   *     say
   */
  static String body(ProviderApi api, int status, ErrorMeaning stated, Optional<Duration> wait) {
    ErrorMeaning meaning = status == NO_CREDIT_LEFT ? ErrorMeaning.CREDIT_EXHAUSTED : stated;
    return wait.isPresent() && meaning != ErrorMeaning.CREDIT_EXHAUSTED
        ? api.errorBodyWithWait(
            status, code(meaning), words(meaning), RetryAfter.seconds(wait.get()))
        : api.errorBody(status, code(meaning), words(meaning));
  }

  private static String code(ErrorMeaning meaning) {
    return meaning == ErrorMeaning.CREDIT_EXHAUSTED ? NO_CREDIT : TOO_FAST;
  }

  private static String words(ErrorMeaning meaning, List<StatedError> errors) {
    Optional<String> wait =
        errors.stream()
            .map(each -> WAIT.matcher(each.members().getOrDefault("message", "")))
            .filter(Matcher::find)
            .map(found -> found.group(1))
            .findFirst();
    return meaning == ErrorMeaning.CREDIT_EXHAUSTED
        ? words(meaning)
        : wait.map(time -> words(meaning).replace("again later.", "again in " + time + "."))
            .orElseGet(() -> words(meaning));
  }

  private static String words(ErrorMeaning meaning) {
    return meaning == ErrorMeaning.CREDIT_EXHAUSTED
        ? "The provider's account has no credit left, or too little for this call. The service's"
            + " owner has to add some."
        : "The provider refused the call, because the account of this service has used up what the"
            + " provider allows for now, or the call alone needs more. Try again later.";
  }

  /**
   * Returns a message of OpenAI's APIs. If the message is an error about rate limits, replaces the
   * error.
   *
   * @param type the type in the message
   * @param stream the stream in the message; empty if the message names no stream
   * @param message the message; the callee has to release it
   */
  static WebSocketFrame message(
      ProviderApi api, String type, String stream, WebSocketFrame message) {
    if (!TYPES.contains(type)) {
      return message;
    }
    List<StatedError> stated = StatedErrors.of(message.content());
    List<StatedError> errors =
        stated.stream()
            .filter(error -> meaning(api, error) != ErrorMeaning.OTHER)
            .filter(error -> type.equals(ERROR) || !error.place().isEmpty())
            .toList();
    if (errors.isEmpty()) {
      return message;
    }
    if (type.equals(ERROR)) {
      ErrorMeaning meaning = meaning(api, errors);
      Optional<String> own =
          api.errorMessage(STATUS, code(meaning), words(meaning, errors), Optional.empty());
      return own.map(text -> withEvents(text, stated))
          .map(text -> replaced(message, Dialogue.inStream(text, stream)))
          .orElse(message);
    }
    return replaced(message, edited(api, message.content(), errors));
  }

  /**
   * Adds two ids that clients look for: the message's own id, and the id of the message that the
   * error is about.
   */
  private static String withEvents(String own, List<StatedError> stated) {
    return own.substring(0, own.length() - "}}".length())
        + event(stated, "/error")
        + "}"
        + event(stated, "")
        + "}";
  }

  private static String event(List<StatedError> stated, String place) {
    return stated.stream()
        .filter(each -> each.place().equals(place))
        .map(each -> each.members().getOrDefault(EVENT, ""))
        .filter(id -> !id.isEmpty())
        .findFirst()
        .map(id -> ",\"" + EVENT + "\":" + JsonText.quoted(id))
        .orElse("");
  }

  /**
   * Returns a message of Gemini's Live API. If the message is an error about rate limits, returns
   * another message.
   *
   * @param message the message; the callee has to release it
   */
  static WebSocketFrame live(ProviderApi api, WebSocketFrame message) {
    List<StatedError> errors =
        StatedErrors.of(message.content()).stream()
            .filter(error -> meaning(api, error) != ErrorMeaning.OTHER)
            .toList();
    return errors.isEmpty()
        ? message
        : replaced(message, body(api, STATUS, meaning(api, errors), Optional.empty()));
  }

  /**
   * Returns the data of an event in a stream. If the data is or contains an error about rate
   * limits, returns other data; otherwise the result is empty.
   *
   * @param data the data of one event; not changed
   */
  static Optional<String> data(ProviderApi api, ByteBuf data) {
    List<StatedError> stated = StatedErrors.of(data);
    List<StatedError> errors =
        stated.stream()
            .filter(error -> meaning(api, error) != ErrorMeaning.OTHER)
            .filter(error -> !error.place().isEmpty() || isError(error))
            .toList();
    if (errors.isEmpty()) {
      return Optional.empty();
    }
    ErrorMeaning meaning = meaning(api, errors);
    String words = words(meaning, errors);
    Optional<StatedError> whole =
        errors.stream().filter(error -> error.place().isEmpty()).findFirst();
    if (whole.isPresent()) {
      return Optional.of(whole(whole.get().members(), meaning, words));
    }
    if (errors.stream().noneMatch(error -> error.place().equals("/error"))) {
      return Optional.of(edited(api, data, errors));
    }
    boolean isTyped = stated.stream().anyMatch(error -> error.place().isEmpty() && isError(error));
    String body = api.errorBody(STATUS, code(meaning), words);
    return Optional.of(
        isTyped
            ? api.errorMessage(STATUS, code(meaning), words, Optional.empty()).orElse(body)
            : body);
  }

  /**
   * The beginning of an event, in which other errors replace the provider's errors about rate
   * limits.
   *
   * @param bytes the number of bytes of the event that the text replaces
   */
  record Beginning(String text, int bytes) {}

  /**
   * Returns the beginning of an event, up to the last error about rate limits, with other errors in
   * place of such errors; empty if the event contains no error about rate limits.
   *
   * @param event the event as far as it has arrived; not changed
   * @param offset the number of bytes before the event's data
   */
  static Optional<Beginning> beginning(ProviderApi api, ByteBuf event, int offset) {
    int data = event.readerIndex() + offset;
    List<StatedError> errors =
        StatedErrors.of(event.slice(data, event.writerIndex() - data)).stream()
            .filter(error -> !error.place().isEmpty())
            .filter(error -> meaning(api, error) != ErrorMeaning.OTHER)
            .toList();
    if (errors.isEmpty()) {
      return Optional.empty();
    }
    int end = errors.getLast().to();
    String before = event.toString(event.readerIndex(), offset, UTF_8);
    String text = before + edited(api, event.slice(data, end), errors);
    return Optional.of(new Beginning(text, offset + end));
  }

  /**
   * Whether the outermost object is itself an error. OpenAI says so in the member {@code type},
   * Mistral and vLLM in {@code object}.
   */
  private static boolean isError(StatedError outermost) {
    return ERROR.equals(outermost.members().get("type"))
        || ERROR.equals(outermost.members().get("object"));
  }

  /** Returns the data of an event in which the outermost object is the error. */
  private static String whole(Map<String, String> stated, ErrorMeaning meaning, String words) {
    String code = JsonText.quoted(code(meaning));
    String kind =
        ERROR.equals(stated.get("object"))
            ? "\"object\":\"error\",\"type\":" + code
            : "\"type\":\"error\"";
    String number = stated.getOrDefault("sequence_number", "");
    return "{%s,\"code\":%s,\"message\":%s,\"param\":null%s}"
        .formatted(
            kind,
            code,
            JsonText.quoted(words),
            NUMBER.matcher(number).matches() ? ",\"sequence_number\":" + number : "");
  }

  private static ErrorMeaning meaning(ProviderApi api, List<StatedError> errors) {
    boolean noCredit =
        errors.stream().anyMatch(each -> meaning(api, each) == ErrorMeaning.CREDIT_EXHAUSTED);
    return noCredit ? ErrorMeaning.CREDIT_EXHAUSTED : ErrorMeaning.PACE;
  }

  /**
   * Returns the meaning of an error about the account's rate limits; {@code OTHER} for any other
   * error.
   */
  private static ErrorMeaning meaning(ProviderApi api, StatedError error) {
    ErrorMeaning stated = api.errorMeaning("/error", error.members());
    return switch (stated) {
      case CREDIT_EXHAUSTED, PACE -> stated;
      default -> {
        if (hasStatus(error, NO_CREDIT_LEFT)) {
          yield ErrorMeaning.CREDIT_EXHAUSTED;
        }
        yield hasStatus(error, STATUS) ? ErrorMeaning.PACE : ErrorMeaning.OTHER;
      }
    };
  }

  private static boolean hasStatus(StatedError error, int status) {
    String written = Integer.toString(status);
    return STATUSES.stream().anyMatch(each -> written.equals(error.members().get(each)));
  }

  private static String edited(ProviderApi api, ByteBuf message, List<StatedError> errors) {
    StringBuilder whole = new StringBuilder();
    int at = 0;
    for (StatedError each : errors) {
      ErrorMeaning meaning = meaning(api, each);
      String quoted = JsonText.quoted(code(meaning));
      whole
          .append(message.toString(message.readerIndex() + at, each.from() - at, UTF_8))
          .append("{\"type\":" + quoted + ",\"code\":" + quoted)
          .append(",\"message\":" + JsonText.quoted(words(meaning, List.of(each))) + "}");
      at = each.to();
    }
    int rest = message.readableBytes() - at;
    return whole.append(message.toString(message.readerIndex() + at, rest, UTF_8)).toString();
  }

  private static WebSocketFrame replaced(WebSocketFrame message, String text) {
    boolean isBinary = message instanceof BinaryWebSocketFrame;
    message.release();
    ByteBuf own = Unpooled.copiedBuffer(text, UTF_8);
    return isBinary ? new BinaryWebSocketFrame(own) : new TextWebSocketFrame(own);
  }
}
