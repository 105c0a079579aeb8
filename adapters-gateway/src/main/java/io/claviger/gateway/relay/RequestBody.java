package io.claviger.gateway.relay;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.formats.ObjectOperation;
import io.claviger.domain.objects.ObjectReference;
import io.claviger.domain.spending.BodyUse;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageModel;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.head.BodyLength;
import io.claviger.gateway.model.BodyEdits;
import io.claviger.gateway.model.BufferedBody;
import io.claviger.gateway.model.CallerScan;
import io.claviger.gateway.model.EndpointScan;
import io.claviger.gateway.model.InlineBatchScan;
import io.claviger.gateway.model.PassingForm;
import io.claviger.gateway.model.PassingModel;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.wire.BodyTimeouts;
import io.claviger.gateway.wire.MinimumBodyRate;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of a caller's request: how much of it has arrived, whether it arrives fast enough, and
 * the buffer, if the body is read before it is sent. Only used on the event loop of the call.
 */
final class RequestBody {
  /**
   * If a request was refused, up to this many bytes of its body are still read, so that the
   * connection can stay open.
   */
  private static final int MOST_DISCARDED = 64 << 10;

  private static final long MOST_DISCARDING_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final HttpRequest request;
  private final CallEnvironment environment;
  private final BodyTimeouts timeouts;
  private final MinimumBodyRate rate;

  private @Nullable BufferedUpload buffered;

  /**
   * Whether the body can be sent before it is complete. If so, the caller has to observe the time
   * limits for bodies that are streamed.
   */
  private boolean mayStream;

  /**
   * The name by which the provider knows the model, if the model decided which service is called;
   * null if it did not.
   */
  private @Nullable String ledTo;

  /**
   * Reads the model while the body is forwarded; null before the model is needed, and also if the
   * body is not read.
   */
  private @Nullable PassingModel passing;

  /**
   * Searches a form that is forwarded unbuffered and may refer to objects of others; null for any
   * other body.
   */
  private @Nullable PassingForm searched;

  private @Nullable WireFormat format;

  /** The largest number of bytes that the body may have. */
  private long most;

  private String path = "";

  private boolean continueExpected;
  private boolean restLost;
  private boolean complete;
  private long bytes;
  private long discardingSince;

  RequestBody(HttpRequest request, CallEnvironment environment) {
    this.request = request;
    this.environment = environment;
    this.timeouts = environment.bodyTimeouts();
    this.rate = new MinimumBodyRate(timeouts.window(), timeouts.least());
    this.most = environment.maxBodyBytes();
    this.continueExpected = HttpUtil.is100ContinueExpected(request);
  }

  /**
   * Buffers the body if it has to be read before it is sent.
   *
   * @param calledPath the path that is called, without the path of the service's endpoint
   * @param isPart whether the body is a part of an uploaded file; such a part may contain anything,
   *     and is not read
   * @return whether the body is now buffered
   * @throws CallRefused if the request is refused because of its model, or if there is no room in
   *     memory for its body
   */
  boolean bufferIfReadFirst(
      AuthorizedCall authorized, String calledPath, boolean isPart, Channel caller) {
    buffered =
        isPart
            ? null
            : BufferedUpload.ifReadFirst(authorized, request, calledPath, environment, caller);
    format = authorized.standard().format();
    path = calledPath;
    mayStream = !authorized.isDecidedByBody();
    most = most(authorized);
    if (BodyLength.of(request.headers()).bytes() > most) {
      throw new CallRefused(CallError.BODY_TOO_LARGE);
    }
    searched = buffered == null && !isPart ? PassingForm.of(authorized, request, path) : null;
    beginMeasuring();
    return buffered != null;
  }

  private long most(AuthorizedCall authorized) {
    boolean uploads =
        environment.maxUploadBytes() > environment.maxBodyBytes()
            && authorized
                .standard()
                .objectOperation(request.method().name(), path)
                .filter(ObjectOperation::uploads)
                .isPresent();
    return uploads ? environment.maxUploadBytes() : environment.maxBodyBytes();
  }

  /** Buffers a body whose model decides which service is called. */
  void hold(BufferedBody body, Channel caller) {
    buffered = BufferedUpload.of(body, environment, caller);
  }

  BufferedUpload buffer() {
    return Objects.requireNonNull(buffered);
  }

  /**
   * Sends 100 Continue to a caller who sends the body only after this answer. Only the first call
   * of this method has an effect.
   */
  void sendContinueIfExpected(CallerResponse response) {
    if (continueExpected) {
      continueExpected = false;
      response.sendContinue();
    }
  }

  /**
   * Buffers, sends or drops a part of the body, depending on the phase of the call.
   *
   * @param part the next part; from now on, the callee has to release it
   * @throws CallRefused if the body is malformed, or if it becomes too large, either for this call
   *     or together with the bodies of other calls
   */
  void receive(HttpContent part, CallPhase phase, ProviderExchange provider) {
    if (part.decoderResult().isFailure()) {
      part.release();
      restLost = true;
      throw new CallRefused(CallError.badRequest("The body is malformed."));
    }
    complete = part instanceof LastHttpContent;
    if (phase == CallPhase.DISCARDING) {
      part.release();
      return;
    }
    bytes += part.content().readableBytes();
    if (phase == CallPhase.BUFFERING) {
      Objects.requireNonNull(buffered).add(part.content(), complete);
    } else {
      forward(part.content(), provider);
    }
  }

  private void forward(ByteBuf part, ProviderExchange provider) {
    if (!provider.isConnected() || bytes > most) {
      part.release();
      throw new CallRefused(CallError.BODY_TOO_LARGE);
    }
    if (buffered == null) {
      passing().ifPresent(reads -> reads.read(part));
      search(part);
    }
    provider.send(part, complete);
  }

  private void search(ByteBuf part) {
    if (searched != null) {
      try {
        searched.read(part, complete);
      } catch (CallRefused e) {
        part.release();
        restLost = true;
        throw e;
      }
    }
  }

  /**
   * Returns the objects at the provider to which a buffered body refers. All these objects are of
   * kinds that are lent.
   */
  List<ObjectReference> references() {
    return buffered == null ? List.of() : buffered.references();
  }

  /**
   * Whether the call puts the files to which a buffered body refers into a container. Files in a
   * container can be read later.
   */
  boolean fillsContainer() {
    return buffered != null && buffered.fillsContainer();
  }

  /**
   * Whether a buffered body demands that the answer shows the content of objects to which the body
   * refers.
   */
  boolean showsContent() {
    return buffered != null && buffered.showsContent();
  }

  /**
   * The content of a buffered body that creates a batch from a file; empty if the body creates no
   * such batch.
   */
  Optional<EndpointScan.Said> batchOfFile() {
    return Optional.ofNullable(buffered).flatMap(BufferedUpload::batchOfFile);
  }

  /** The requests of a batch in a buffered body; empty if the body contains none. */
  Optional<InlineBatchScan> batch() {
    return Optional.ofNullable(buffered).flatMap(BufferedUpload::batch);
  }

  /**
   * The verdict on a file that was forwarded unbuffered and is the input of a batch; empty if the
   * body has no such file.
   */
  Optional<BatchVerdict> verdict() {
    return Optional.ofNullable(searched).flatMap(PassingForm::verdict);
  }

  /**
   * Reads the whole buffered body to find its model.
   *
   * @param then receives the body, or the error with which the call is refused
   */
  void read(Continuation<BufferedBody> then) {
    Objects.requireNonNull(buffered).read(then);
  }

  /**
   * @param authorized the permission that the call was given after its model became known
   * @throws CallRefused if a buffered body names a model to which the caller's permission no longer
   *     extends
   */
  void demandPermitted(AuthorizedCall authorized) {
    if (buffered != null) {
      buffered.demandPermitted(authorized);
    }
  }

  /**
   * Writes the names of the caller into a buffered body, which has been read completely.
   *
   * @throws CallRefused if the names can't be written, or if the provider would store something
   *     although storage of that kind is not lent
   */
  void nameCaller(AuthorizedCall authorized) {
    if (buffered != null) {
      buffered.nameCaller(authorized);
    }
  }

  /**
   * Whether the gateway asks for the reasoning of the response although the caller did not ask for
   * it.
   */
  boolean includesReasoning() {
    return buffered != null && buffered.includesReasoning();
  }

  /** Whether the provider stores the result; empty if the body does not say or was not read. */
  Optional<CallerScan.ResultStorage> storage() {
    return Optional.ofNullable(buffered).flatMap(BufferedUpload::storage);
  }

  /** Sends the body if it is buffered. */
  void sendBuffered(ProviderExchange provider, ProviderConnection opened) {
    if (buffered != null) {
      provider.sendOnce(opened, buffered, complete);
    }
  }

  /**
   * Keeps a buffered body in memory, because the gateway may have to send it again.
   *
   * @param on true to keep the body; false as soon as it is certain that the body need not be sent
   *     again
   */
  void keepForRepetition(boolean on) {
    if (buffered != null && on) {
      buffered.keep();
    } else if (buffered != null) {
      buffered.keepNoLonger();
    }
  }

  /** Whether the whole body can be sent once more. */
  boolean canBeSentAgain() {
    return complete && (buffered == null ? bytes == 0 : !buffered.isClosed());
  }

  /** Whether the whole body was handed to the operating system. */
  boolean isSent() {
    return complete && (buffered == null || buffered.isSent());
  }

  /** Prepares to send the body once more. */
  void sendAgain() {
    if (buffered != null) {
      buffered.sendAgain();
    }
  }

  /** Whether a buffered body is sent unchanged, while its later parts are still arriving. */
  boolean isGivenUp() {
    return buffered != null && buffered.isGivenUp();
  }

  /**
   * Whether the gateway requests that the stream states its usage although the caller did not
   * request this.
   */
  boolean asksForUsage() {
    return buffered != null && buffered.asksForUsage();
  }

  /** The length of the body in the form in which it is sent. */
  BodyLength length() {
    return BodyLength.of(request.headers()).plus(edits().lengthChange());
  }

  /** Whether the body is changed before it is sent. */
  boolean isEdited() {
    return !edits().isEmpty();
  }

  private BodyEdits edits() {
    return buffered == null ? BodyEdits.NONE : buffered.edits();
  }

  /** Whether no part of the body is buffered any more. */
  boolean isBufferEmpty() {
    return buffered == null || buffered.isClosed();
  }

  /**
   * Records that it is unknown where on the connection the body ends and the next request begins.
   */
  void loseRest() {
    restLost = true;
  }

  boolean isComplete() {
    return complete;
  }

  long bytes() {
    return bytes;
  }

  /**
   * The models that the body requests; empty if the body was not read, or if the path names the
   * model.
   */
  Optional<String> models() {
    return Optional.ofNullable(buffered).flatMap(BufferedUpload::models);
  }

  /**
   * Sets the name by which the provider knows the called model. This name may differ from the name
   * that the caller used.
   */
  void leadsTo(String model) {
    ledTo = model;
  }

  /** The model of the call, as it is recorded together with the usage. */
  UsageModel model() {
    if (ledTo != null) {
      return UsageModel.called(ledTo);
    }
    return Optional.ofNullable(buffered)
        .flatMap(BufferedUpload::model)
        .or(() -> passing().flatMap(PassingModel::model))
        .map(UsageModel::called)
        .orElse(UsageModel.UNKNOWN);
  }

  /**
   * Returns the reader that finds the model in a body that is forwarded unbuffered. If the body is
   * buffered, the reader finds a model only in the path.
   */
  private Optional<PassingModel> passing() {
    if (passing == null && format != null) {
      passing = PassingModel.of(format, path, request);
    }
    return Optional.ofNullable(passing);
  }

  /** What the body requests from the provider, such as tokens; empty if the body was not read. */
  BodyUse use() {
    return buffered == null ? BodyUse.UNREAD : buffered.use();
  }

  /** Begins to measure how fast the body arrives. */
  void beginMeasuring() {
    rate.begin(System.nanoTime(), bytes);
  }

  void beginDiscarding() {
    discardingSince = System.nanoTime();
  }

  /** Whether so little of the body is missing that the missing part can be read and discarded. */
  boolean canBeDiscarded() {
    BodyLength length = BodyLength.of(request.headers());
    return complete
        || (!restLost
            && !continueExpected
            && !length.isChunked()
            && length.bytes() <= MOST_DISCARDED);
  }

  /**
   * Whether the next part of the body should be read from the caller's connection.
   *
   * @param providerTakesMore whether the provider's connection accepts more of the body at the
   *     moment
   */
  boolean isWanted(CallPhase phase, boolean providerTakesMore) {
    return switch (phase) {
      case AUTHORIZING, CHECKING, WAITING, MINTING, CONNECTING, SWITCHING, READING_ON, OVER ->
          false;
      case FORWARDING -> !complete && providerTakesMore;
      case BUFFERING, DISCARDING -> !complete;
    };
  }

  /**
   * Whether the caller has taken too long to send the body, or sends it too slowly.
   *
   * @param now the current time in nanoseconds
   * @param providerTakesMore whether the provider's connection accepts more of the body at the
   *     moment
   */
  boolean isLate(CallPhase phase, long now, boolean providerTakesMore) {
    return switch (phase) {
      case AUTHORIZING, CHECKING, WAITING, MINTING, CONNECTING, SWITCHING, READING_ON, OVER ->
          false;
      case BUFFERING -> mayStream ? isTooSlow(now, true) : isBufferLate(now);
      case DISCARDING -> now - discardingSince > MOST_DISCARDING_NANOS;
      case FORWARDING -> !complete && isTooSlow(now, providerTakesMore);
    };
  }

  private boolean isBufferLate(long now) {
    return buffered != null && buffered.isLate(now, timeouts);
  }

  private boolean isTooSlow(long now, boolean providerTakesMore) {
    if (!providerTakesMore) {
      rate.begin(now, bytes);
      return false;
    }
    return rate.isTooSlow(now, bytes);
  }

  /** Frees the buffer. This method can be called repeatedly. */
  void close() {
    if (buffered != null) {
      buffered.close();
    }
  }
}
