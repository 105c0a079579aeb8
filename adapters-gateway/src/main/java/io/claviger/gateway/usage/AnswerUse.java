package io.claviger.gateway.usage;

import io.claviger.domain.Amounts;
import io.claviger.domain.formats.ErrorMeaning;
import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.CallUse.Evidence;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedFees;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.spending.UnansweredUse;
import io.claviger.domain.spending.UnstatedUse;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
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
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The use of a call: the tokens and everything else that it is charged for, as far as its answer
 * has arrived.
 */
public final class AnswerUse {
  /**
   * The longest time that usually passes between two pieces of text. A model that writes without
   * pauses needs less time.
   */
  private static final long USUAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * The things that a search finds. Providers charge for these things instead of for the search.
   */
  private static final Set<FeePiece> FOUND = Set.of(FeePiece.POST, FeePiece.PROFILE);

  private final OperationKind kind;
  private final ProviderApi api;
  private final String path;
  private final ObeyedCaps caps;
  private final TokenCounts tokens;
  private int status;
  private long bytes;
  private boolean streams;
  private boolean ended;

  /** The memory sizes of containers in which tools might run, keyed by the containers' ids. */
  private Map<String, String> containers = Map.of();

  private final LongSupplier nanos;
  private long pieces;
  private long statements;

  /**
   * The time at which the last piece of the answer arrived or the answer last stated its output,
   * whichever was later.
   */
  private long lastAt;

  /**
   * The sum of the pauses between pieces since the answer last stated its output. The first {@link
   * #USUAL_NANOS} of each pause do not count.
   */
  private long silentNanos;

  /**
   * @param path the path below the service's endpoint
   * @param caps how the provider differs from other providers with the same format
   */
  public AnswerUse(WireFormat format, HttpMethod method, String path, ObeyedCaps caps) {
    this(format, method, path, caps, System::nanoTime);
  }

  /**
   * @param nanos a monotonic clock, in nanoseconds
   */
  AnswerUse(
      WireFormat format, HttpMethod method, String path, ObeyedCaps caps, LongSupplier nanos) {
    this.caps = caps;
    this.nanos = nanos;
    this.lastAt = nanos.getAsLong();
    this.kind = OperationKind.of(method.name(), path);
    this.api = format.api().ofBodies(path);
    this.path = path;
    this.tokens = TokenCounts.of(format, path);
  }

  /** Called when the provider has begun to answer. */
  public void answered(int stated) {
    status = stated;
  }

  /** Whether the provider has begun to answer. */
  public boolean isBegun() {
    return status != 0;
  }

  /** Called at the beginning of the answer's body. */
  public void begin(HttpHeaders headers) {
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
   * Called when the gateway forwards the answer's head, or reads the answer to its end for a caller
   * who has left.
   */
  public void follow(HttpHeaders headers) {
    streams = !headers.contains(HttpHeaderNames.CONTENT_LENGTH) && status < 300;
  }

  /** Counts the bytes of the body in the form in which the provider sent them. */
  public void count(ByteBuf part) {
    bytes += part.readableBytes();
  }

  /**
   * Reads a part of the answer's body.
   *
   * @param part the part, which still belongs to the caller of this method
   */
  public void read(ByteBuf part) {
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
   * Called when the gateway begins to wait for the provider. The wait begins after the request has
   * been sent. If the gateway stopped reading because the caller was slow, a new wait begins when
   * the gateway reads again.
   */
  public void beginWaiting() {
    lastAt = nanos.getAsLong();
  }

  /**
   * Sets the memory sizes of containers in which tools might run, keyed by the containers' ids.
   * Calls are charged for such a container according to the given size, whatever the request says.
   */
  public void knowContainers(Map<String, String> memories) {
    containers = memories;
  }

  /** Records that the whole answer has arrived. */
  public void end() {
    ended = true;
  }

  /**
   * Called if the caller gets a shortened list of models in place of the whole answer.
   *
   * @param length the length of the shortened list, in bytes
   */
  public void shorten(int length) {
    bytes = length;
  }

  /** Returns how many bytes of the answer's body have been read, or the shortened list's length. */
  public long bytes() {
    return bytes;
  }

  /**
   * Whether the caller has received all events of a stream, so that only the end of the stream is
   * missing.
   */
  public boolean isStreamComplete() {
    return tokens.hasLastEventPassed();
  }

  /**
   * Whether the answer is complete. A stream counts as complete if nothing is missing except its
   * end.
   */
  public boolean isComplete() {
    return ended || isStreamComplete();
  }

  public OperationKind kind() {
    return kind;
  }

  /** Whether the answer says that the provider has not done the requested work. */
  public boolean isError() {
    return status >= 300;
  }

  /**
   * Returns the stated usage, or an estimate if the answer states no usage. If the answer states a
   * billed quantity other than tokens, the tokens are estimated too, because budgets may limit
   * tokens.
   *
   * @param bytesIn the size of the request's body, in bytes
   * @param asked the model that the caller requested
   * @param requested what the request says about the kinds of use that answers do not state
   */
  public CallUse of(long bytesIn, UsageModel asked, UnstatedUse.Asked requested) {
    if (kind == OperationKind.NOTHING) {
      return CallUse.of(TokenUsage.NONE, Evidence.STATED);
    }
    boolean makesImages = kind == OperationKind.IMAGES;
    if (requested.cachesForAnHour()) {
      tokens.cacheForAnHour();
    }
    TokenUsage stated = tokens.ownUsage(makesImages);
    TokenUsage ofAll = tokens.others().isPresent() ? tokens.usage(makesImages) : stated;
    boolean finished = isComplete();
    boolean isStated = finished && tokens.isStated(ofAll);
    OptionalLong runs = runs(isStated);
    UnstatedUse.Asked unstated = requested.ran(runs);
    UsageModel answeredBy = tokens.answeredModel().map(asked::orCalled).orElse(UsageModel.UNKNOWN);
    Optional<ServiceTier> tier = tokens.tier(api);
    FeesUsed fees =
        fees(
            answeredBy.isKnown() ? answeredBy : asked,
            stated.parts().images(),
            requested.answers());
    if (isError() && billsPrompt()) {
      TokenUsage prompt =
          UnstatedUse.of(kind, path, stated, bytesIn, 0, 0, UnstatedUse.Asked.NOTHING);
      return new CallUse(prompt, Evidence.UNKNOWN, answeredBy, tier, fees).withOthers(others());
    }
    if (isError()) {
      return new CallUse(
              UnstatedUse.withMedia(kind, path, stated), Evidence.REFUSED, answeredBy, tier, fees)
          .withOthers(others());
    }
    boolean isPartOfWhole = !finished && !streams && !ofAll.isNothing();
    TokenUsage usage =
        UnstatedUse.withMedia(
            kind,
            path,
            isPartOfWhole || (isStated && !ofAll.isNothing())
                ? stated
                : UnstatedUse.of(kind, path, stated, bytesIn, bytes, pieces(), unstated));
    if (!isStated && tokens.isSpoken()) {
      usage = usage.ofSpeech();
    }
    FeesUsed allFees =
        UnstatedUse.withShortest(
            kind, path, UnstatedUse.fees(kind, path, fees, bytesIn, bytes, unstated), caps);
    boolean isRankStated = kind == OperationKind.INPUT && allFees.equals(fees);
    boolean areRunsStated = unstated.tools().isNone() || runs.isPresent();
    CallUse known =
        new CallUse(
                areRunsStated || isRankStated ? usage : usage.estimatedCall(),
                isStated ? Evidence.STATED : Evidence.UNKNOWN,
                answeredBy,
                tier,
                allFees)
            .withOthers(others());
    return unstated.isCostStated() || unstated.pages() > 0 ? withCost(known, unstated) : known;
  }

  /**
   * Returns the number of runs of tools other than searches; empty if it is not known.
   *
   * @param isStated whether the answer is complete and states its usage
   */
  private OptionalLong runs(boolean isStated) {
    OptionalLong runs = tokens.otherRuns();
    return runs.isEmpty() && isStated && api.leavesOutUnusedTools() ? OptionalLong.of(0) : runs;
  }

  /**
   * Returns the use together with the cost that the provider states. Only this cost shows how many
   * pages of files were read, even if another account pays a part of the call. If a complete answer
   * does not state its cost, the call is charged for as many pages as the provider could have read.
   */
  private CallUse withCost(CallUse use, UnstatedUse.Asked asked) {
    OptionalLong whole = tokens.cost();
    OptionalLong cost = whole.isPresent() ? whole : tokens.billedCost();
    return cost.isPresent() || !isComplete()
        ? use.costing(cost, asked.isCostStated() && whole.isPresent())
        : use.with(use.fees().plus(FeesUsed.of(FeeKind.PAGE, asked.pages())));
  }

  /** Whether the provider bills the prompt although it answered with an error. */
  private boolean billsPrompt() {
    return api.errorMeaning("/error", Map.of("code", tokens.errorCode()))
        == ErrorMeaning.PROMPT_FILTERED;
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
   * Returns the use of a call whose caller has left, as far as the answer has arrived.
   *
   * @param passed the use that {@link #of} returned for the forwarded part of the answer
   * @param asked the requested use, such as tokens; empty if the request was not read
   */
  public CallUse left(CallUse passed, Optional<RequestedUse> asked) {
    long silent = silentNanos + silence(nanos.getAsLong());
    long tools =
        passed.fees().counts().entrySet().stream()
            .filter(each -> FeeKind.OF_TOOLS.contains(each.getKey().what()))
            .filter(each -> !FOUND.contains(each.getKey()))
            .mapToLong(Map.Entry::getValue)
            .reduce(tokens.searchesWithFinds(), Amounts::sum);
    return asked
        .map(of -> UnansweredUse.ofLeft(passed, of, silent, Math.max(tokens.runs(), tools)))
        .orElseGet(passed::abandoned);
  }

  /**
   * @param images the number of images that the provider created
   * @param answers the number of requested answers
   */
  private FeesUsed fees(UsageModel model, long images, long answers) {
    boolean isAnswered = isBegun() && !isError();
    return RequestedFees.inContainers(
        tokens.fees(api, isAnswered ? path : "", model.name(), images, answers),
        tokens.memories(containers),
        1);
  }

  /**
   * Returns an estimate of the text tokens that have been forwarded since the usage was last
   * stated.
   */
  private long pieces() {
    boolean inOnePiece = kind == OperationKind.TEXT && !tokens.isOfEvents();
    return inOnePiece
        ? Math.max(TokenUsage.ofBytes(bytes), tokens.unstatedPieces())
        : tokens.unstatedPieces();
  }
}
