package io.claviger.gateway.relay;

import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.CallUse.Evidence;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.spending.UnansweredUse;
import io.claviger.domain.spending.UnstatedUse;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** The use of a call, according to the part of the answer that has arrived so far. */
final class AnswerUse {
  /**
   * While a model writes without a pause, the time between two pieces of its text is shorter than
   * this.
   */
  private static final long USUAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final OperationKind kind;
  private final ProviderApi api;
  private final String path;
  private final TokenCounts tokens;
  private int status;
  private long bytes;
  private boolean streams;
  private boolean ended;

  private final LongSupplier nanos;
  private long pieces;
  private long statements;

  /**
   * The time when the last piece came, or the time when the output was last stated if that is
   * later.
   */
  private long lastAt;

  /**
   * The sum of the pauses between pieces of the answer since the answer last stated its output. The
   * first {@link #USUAL_NANOS} of each pause are not counted.
   */
  private long silentNanos;

  /**
   * @param path the path that is called, without the path of the service's endpoint
   */
  AnswerUse(WireFormat format, HttpMethod method, String path) {
    this(format, method, path, System::nanoTime);
  }

  /**
   * @param nanos returns the time of a monotonic clock, in nanoseconds
   */
  AnswerUse(WireFormat format, HttpMethod method, String path, LongSupplier nanos) {
    this.nanos = nanos;
    this.lastAt = nanos.getAsLong();
    this.kind = OperationKind.of(method.name(), path);
    this.api = format.api().ofBodies(path);
    this.path = path;
    this.tokens = TokenCounts.of(format, path);
  }

  /** Called when the provider has begun to answer. */
  void answered(int stated) {
    status = stated;
  }

  /** Whether the provider has begun to answer. */
  boolean isBegun() {
    return status != 0;
  }

  /** Called when the body of the provider's answer begins. */
  void begin(HttpHeaders headers) {
    tokens.begin(AnswerFraming.of(headers));
    api.usageHeaders(path)
        .forEach(
            (name, meaning) -> {
              String value = headers.get(name);
              if (value != null) {
                tokens.header(meaning, value);
              }
            });
  }

  /**
   * Called when the head of the answer is forwarded, or when the gateway reads the answer to its
   * end although the caller has left.
   */
  void follow(HttpHeaders headers) {
    streams = !headers.contains(HttpHeaderNames.CONTENT_LENGTH) && status < 300;
  }

  /** Counts the bytes of a part of the body in the form in which the provider sent it. */
  void count(ByteBuf part) {
    bytes += part.readableBytes();
  }

  /**
   * Reads a part of the answer's body.
   *
   * @param part remains owned by the caller of this method
   */
  void read(ByteBuf part) {
    tokens.scan(part);
    if (tokens.outputStatements() != statements) {
      statements = tokens.outputStatements();
      pieces = tokens.pieces();
      lastAt = nanos.getAsLong();
      silentNanos = 0;
    } else if (tokens.pieces() != pieces) {
      pieces = tokens.pieces();
      long now = nanos.getAsLong();
      silentNanos += silence(now);
      lastAt = now;
    }
  }

  private long silence(long now) {
    return Math.max(0, now - lastAt - USUAL_NANOS);
  }

  /**
   * Called when the call begins to wait for the provider. The gateway begins to wait when it sends
   * the request, and each time that it resumes reading after the caller has caught up.
   */
  void beginWaiting() {
    lastAt = nanos.getAsLong();
  }

  /** Records that the whole answer has arrived. */
  void end() {
    ended = true;
  }

  /** Returns the size, in bytes, of the part of the answer's body that has been read so far. */
  long bytes() {
    return bytes;
  }

  /**
   * Whether the caller has received all events of a stream, so that only the end of the answer is
   * missing.
   */
  boolean isStreamComplete() {
    return tokens.hasLastEventPassed();
  }

  /** Whether the answer has arrived completely, or at least everything except its end. */
  boolean isComplete() {
    return ended || isStreamComplete();
  }

  OperationKind kind() {
    return kind;
  }

  /** Whether the provider's answer says that the provider did not do the requested work. */
  boolean isError() {
    return status >= 300;
  }

  /**
   * Returns the usage that the answer states, or an estimate if the answer states none. If the
   * answer states a billed quantity other than tokens, the number of tokens is estimated too,
   * because budgets may limit tokens.
   *
   * @param bytesIn the size of the request's body, in bytes
   * @param asked the model that the request names
   * @param unstated what the request says about uses that the answer does not state
   */
  CallUse of(long bytesIn, UsageModel asked, UnstatedUse.Asked unstated) {
    if (kind == OperationKind.NOTHING) {
      return CallUse.of(TokenUsage.NONE, Evidence.STATED);
    }
    boolean makesImages = kind == OperationKind.IMAGES;
    if (unstated.cachesForAnHour()) {
      tokens.cacheForAnHour();
    }
    TokenUsage stated = tokens.ownUsage(makesImages);
    UsageModel answeredBy = tokens.answeredModel().map(asked::orCalled).orElse(UsageModel.UNKNOWN);
    Optional<ServiceTier> tier = tokens.tier(api);
    FeesUsed fees = fees(answeredBy.isKnown() ? answeredBy : asked, stated.parts().images());
    if (isError()) {
      return new CallUse(stated, Evidence.REFUSED, answeredBy, tier, fees).withOthers(others());
    }
    boolean finished = isComplete();
    boolean isStated = finished && tokens.isStated(stated);
    boolean isPartOfWhole = !finished && !streams && !stated.isNothing();
    TokenUsage usage =
        isPartOfWhole || (isStated && !stated.isNothing())
            ? stated
            : UnstatedUse.of(kind, path, stated, bytesIn, bytes, pieces(), unstated);
    return new CallUse(
            unstated.tools().isNone() ? usage : usage.estimatedCall(),
            isStated ? Evidence.STATED : Evidence.UNKNOWN,
            answeredBy,
            tier,
            UnstatedUse.fees(kind, path, fees, bytesIn, bytes, unstated))
        .withOthers(others());
  }

  private Optional<Map<UsageModel, TokenUsage>> others() {
    return tokens
        .others()
        .map(
            used ->
                used.entrySet().stream()
                    .collect(
                        Collectors.toUnmodifiableMap(
                            each -> UsageModel.called(each.getKey()),
                            Map.Entry::getValue,
                            TokenUsage::plus)));
  }

  /**
   * Returns how much a call used whose caller has left, according to the part of the answer that
   * has arrived.
   *
   * @param passed the use that {@link #of} returned for the part of the answer that has passed
   * @param asked what the request asks for, such as tokens; empty if the request was not read
   */
  CallUse left(CallUse passed, Optional<RequestedUse> asked) {
    long silent = silentNanos + silence(nanos.getAsLong());
    long tools = FeeKind.OF_TOOLS.stream().mapToLong(passed.fees()::count).sum();
    return asked
        .map(of -> UnansweredUse.ofLeft(passed, of, silent, Math.max(tokens.runs(), tools)))
        .orElseGet(passed::abandoned);
  }

  /**
   * @param images how many images the provider made
   */
  private FeesUsed fees(UsageModel model, long images) {
    boolean isAnswered = isBegun() && !isError();
    return tokens.fees(api, isAnswered ? path : "", model.name(), images);
  }

  /**
   * Returns approximately how many tokens of text have been forwarded since the usage was last
   * stated.
   */
  private long pieces() {
    boolean inOnePiece = kind == OperationKind.TEXT && !tokens.isOfEvents() && !streams;
    return inOnePiece ? TokenUsage.ofBytes(bytes) : tokens.unstatedPieces();
  }
}
