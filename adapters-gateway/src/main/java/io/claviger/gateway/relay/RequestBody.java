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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of a caller's request. This object counts how much of the body has arrived, and checks
 * whether the body arrives fast enough. It also has the buffer for a body that the gateway has to
 * read before it sends the body. Only used on the event loop of the call.
 */
final class RequestBody {
  /**
   * After a refusal, up to this many bytes of the body are still read, so that the connection can
   * stay open.
   */
  private static final int MOST_DISCARDED = 64 << 10;

  private static final long MOST_DISCARDING_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final HttpRequest request;
  private final CallEnvironment environment;
  private final BodyTimeouts timeouts;
  private final MinimumBodyRate rate;

  private @Nullable BufferedUpload buffered;

  /**
   * Whether the gateway may begin to send the body to the provider before the whole body has
   * arrived. If the result is true, the time limits for streamed bodies apply to the caller.
   */
  private boolean mayStream;

  /** The provider's name for the model if the model selected the service; otherwise null. */
  private @Nullable String routedModel;

  /** The last result of {@link #model()}, whose name need not be checked again. */
  private UsageModel recorded = UsageModel.UNKNOWN;

  /**
   * Finds the model while the body is forwarded; null before the model is needed, or if the body is
   * not read.
   */
  private @Nullable PassingModel passing;

  /**
   * Searches a form that is forwarded unbuffered and might refer to other people's objects; null if
   * the body is not such a form.
   */
  private @Nullable PassingForm searched;

  private Map<String, String> containers = Map.of();

  private @Nullable WireFormat format;

  /** The largest size of the body, in bytes. */
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
    this.most = environment.bodySizes().most();
    this.continueExpected = HttpUtil.is100ContinueExpected(request);
  }

  /**
   * Buffers the body if the gateway has to read it before sending it.
   *
   * @param calledPath the path below the service's endpoint
   * @param isPart whether the body is a part of an uploaded file, which can contain anything and is
   *     not read
   * @return whether the body is now buffered
   * @throws CallRefused if the request is refused because of its model, or if there is no memory
   *     for the body
   */
  boolean bufferIfReadFirst(
      AuthorizedCall authorized, String calledPath, boolean isPart, Channel caller) {
    buffered =
        isPart
            ? null
            : BufferedUpload.bufferIfNeeded(authorized, request, calledPath, environment, caller);
    format = authorized.standard().format();
    path = calledPath;
    mayStream = !authorized.isDecidedByBody();
    most = most(authorized);
    if (BodyLength.of(request).bytes() > most) {
      throw new CallRefused(CallError.BODY_TOO_LARGE);
    }
    searched = buffered == null && !isPart ? PassingForm.of(authorized, request, path) : null;
    beginMeasuring();
    return buffered != null;
  }

  private long most(AuthorizedCall authorized) {
    boolean uploads =
        authorized
            .standard()
            .objectOperation(request.method().name(), path)
            .filter(ObjectOperation::uploads)
            .isPresent();
    return environment.bodySizes().most(uploads);
  }

  /** Buffers a body whose model selects the service. */
  void hold(BufferedBody body, Channel caller) {
    buffered = BufferedUpload.of(body, environment, caller);
  }

  BufferedUpload buffer() {
    return Objects.requireNonNull(buffered);
  }

  private Optional<BufferedBody> held() {
    return buffered == null ? Optional.empty() : Optional.of(buffered.body());
  }

  /**
   * Sends {@code 100 Continue} to a caller who waits for it before sending the body. Only the first
   * call has an effect.
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
   * @param part the next part; the callee has to release it
   * @throws CallRefused if the body is malformed, or becomes too large, either by itself or
   *     together with other bodies
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
   * Returns the objects at the provider that a buffered body refers to. All of these objects are of
   * kinds that the service lends.
   */
  List<ObjectReference> references() {
    return buffered == null ? List.of() : buffered.body().references();
  }

  /**
   * The items in a buffered body whose ids the gateway forwards unchanged if the caller may use
   * these ids.
   */
  List<ObjectReference> keepableItems() {
    return buffered == null ? List.of() : buffered.body().keepableItems();
  }

  /**
   * Decides which items in a buffered body keep their ids.
   *
   * @return whether the decision changes the body
   */
  boolean keepItems(Set<String> ids) {
    return buffered != null && buffered.body().keepItems(ids);
  }

  /**
   * Whether the call copies files into a container, according to a buffered body. The copies matter
   * because whoever uses the container can read its files later.
   */
  boolean fillsContainer() {
    return buffered != null && buffered.body().fillsContainer();
  }

  /**
   * Whether the provider could create images in answer to a buffered body, and would store them as
   * files.
   */
  boolean makesFiles() {
    return buffered != null && buffered.body().makesFiles();
  }

  /** Whether a buffered body asks the model to speak. */
  boolean asksForSpeech() {
    return buffered != null && buffered.body().asksForSpeech();
  }

  /** Whether a buffered body requests the content of the referenced object in the answer. */
  boolean showsContent(ObjectReference reference) {
    return buffered != null && buffered.body().showsContent(reference);
  }

  /**
   * What the buffered body says about the batch that the body creates from a file; empty if the
   * body creates no such batch.
   */
  Optional<EndpointScan.Said> batchOfFile() {
    return held().flatMap(BufferedBody::batchOfFile);
  }

  /** The requests of a batch in a buffered body; empty if there are none. */
  Optional<InlineBatchScan> batch() {
    return held().flatMap(BufferedBody::batch);
  }

  /**
   * The verdict on whether the file in an unbuffered form can be the input of a batch; empty if
   * there is no such file.
   */
  Optional<BatchVerdict> verdict() {
    return Optional.ofNullable(searched).flatMap(PassingForm::verdict);
  }

  /**
   * Reads the whole buffered body.
   *
   * @param then the continuation that receives the body, or the reason why the call is refused
   */
  void read(Continuation<BufferedBody> then) {
    Objects.requireNonNull(buffered).read(then);
  }

  /**
   * @param authorized the permission for the call, now that the requested model is known
   * @throws CallRefused if a buffered body names a model that the permission does not include
   */
  void demandPermitted(AuthorizedCall authorized) {
    if (buffered != null) {
      buffered.demandPermitted(authorized);
    }
  }

  /**
   * Adds the names by which the provider distinguishes callers to a buffered body that has been
   * read completely.
   *
   * @throws CallRefused if the gateway can't write the names, or if the provider would store an
   *     object of a kind that the service does not lend
   */
  void nameCaller(AuthorizedCall authorized) {
    if (buffered != null) {
      buffered.nameCaller(authorized);
    }
  }

  /**
   * Whether the gateway itself requests the reasoning of the response, although the caller did not.
   */
  boolean includesReasoning() {
    return buffered != null && buffered.body().includesReasoning();
  }

  /**
   * Whether the provider stores the result; empty if the body does not state this or was not read.
   */
  Optional<CallerScan.ResultStorage> storage() {
    return held().flatMap(BufferedBody::storage);
  }

  /** Sends the body if it is buffered. */
  void sendBuffered(ProviderExchange provider, ProviderConnection opened) {
    if (buffered != null) {
      provider.sendOnce(opened, buffered, complete);
    }
  }

  /**
   * Keeps a buffered body in memory, so that it can be sent in another attempt.
   *
   * @param kept whether the body is kept; false if it certainly need not be sent again
   */
  void keepForRepetition(boolean kept) {
    if (buffered != null && kept) {
      buffered.keep();
    } else if (buffered != null) {
      buffered.keepNoLonger();
    }
  }

  /** Whether the whole body can be sent again. */
  boolean canBeSentAgain() {
    return complete && (buffered == null ? bytes == 0 : !buffered.body().isClosed());
  }

  /** Whether the operating system has accepted the whole body. */
  boolean isSent() {
    return complete && (buffered == null || buffered.isSent());
  }

  /** Prepares the body for another attempt to send it. */
  void sendAgain() {
    if (buffered != null) {
      buffered.sendAgain();
    }
  }

  /** Whether the gateway began to buffer the body but then forwards it unbuffered and unchanged. */
  boolean isGivenUp() {
    return buffered != null && buffered.body().isGivenUp();
  }

  /** Whether the gateway itself requests the usage in the stream, although the caller did not. */
  boolean asksForUsage() {
    return buffered != null && buffered.body().asksForUsage();
  }

  /** The length of the body as it is sent. */
  BodyLength length() {
    return BodyLength.of(request).plus(edits().lengthChange());
  }

  /** Whether the gateway edits the body before sending it. */
  boolean isEdited() {
    return !edits().isEmpty();
  }

  private BodyEdits edits() {
    return buffered == null ? BodyEdits.NONE : buffered.body().edits();
  }

  /** Whether the buffer contains no part of the body any more. */
  boolean isBufferEmpty() {
    return buffered == null || buffered.body().isClosed();
  }

  /**
   * Records that the gateway does not know where on the connection the body ends and the next
   * request begins.
   */
  void loseRest() {
    restLost = true;
  }

  boolean isComplete() {
    return complete;
  }

  /** Returns how many bytes of the body have not arrived yet; negative if the length is unknown. */
  long missing() {
    return BodyLength.of(request).bytes() - bytes;
  }

  long bytes() {
    return bytes;
  }

  /** The requested models; empty if the body was not read, or if the path names the model. */
  Optional<String> models() {
    return held().flatMap(BufferedBody::models);
  }

  /**
   * Sets the provider's name for the model. The provider's name can differ from the caller's name.
   */
  void setRoutedModel(String model) {
    routedModel = model;
  }

  /** Returns the model for which the usage of the call is recorded. */
  UsageModel model() {
    Optional<String> name =
        routedModel != null
            ? Optional.of(routedModel)
            : Optional.ofNullable(buffered)
                .flatMap(BufferedUpload::model)
                .or(() -> passing().flatMap(PassingModel::model));
    recorded = name.map(recorded::orCalled).orElse(UsageModel.UNKNOWN);
    return recorded;
  }

  /**
   * Returns the reader that finds the model in an unbuffered body. For a buffered body, the reader
   * finds only a model in the path.
   */
  private Optional<PassingModel> passing() {
    if (passing == null && format != null) {
      passing = PassingModel.of(format, path, request);
    }
    return Optional.ofNullable(passing);
  }

  /** What the body requests, such as tokens; empty if the body was not read. */
  BodyUse use() {
    BodyUse asked = buffered == null ? BodyUse.UNREAD : buffered.body().use();
    BodyUse read = routedModel == null ? asked : asked.named(routedModel);
    List<String> memories =
        containers.isEmpty()
            ? List.of()
            : read.containers().stream()
                .sorted()
                .flatMap(id -> Optional.ofNullable(containers.get(id)).stream())
                .toList();
    return memories.isEmpty() ? read : read.map(use -> use.inContainers(memories));
  }

  /**
   * Sets the memory sizes of the containers that the body refers to, or that the provider chose
   * itself. The keys are the containers' ids. Containers of unknown size are left out.
   */
  void knowContainers(Map<String, String> memories) {
    if (!memories.isEmpty()) {
      Map<String, String> all = new HashMap<>(containers);
      all.putAll(memories);
      containers = Map.copyOf(all);
    }
  }

  /**
   * The known memory sizes of the containers in which tools might run, keyed by the containers'
   * ids.
   */
  Map<String, String> containers() {
    return containers;
  }

  /** Begins to measure how fast the body arrives. */
  void beginMeasuring() {
    rate.begin(System.nanoTime(), bytes);
  }

  void beginDiscarding() {
    discardingSince = System.nanoTime();
  }

  /** Whether so little of the body is missing that the gateway can read and discard the rest. */
  boolean canBeDiscarded() {
    BodyLength length = BodyLength.of(request);
    return complete
        || (!restLost
            && !continueExpected
            && !length.isChunked()
            && length.bytes() <= MOST_DISCARDED);
  }

  /**
   * Whether to read the next part of the body from the caller's connection.
   *
   * @param providerTakesMore whether the provider's connection currently accepts more of the body
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
   * @param providerTakesMore whether the provider's connection currently accepts more of the body
   */
  boolean isLate(CallPhase phase, long now, boolean providerTakesMore) {
    return switch (phase) {
      case AUTHORIZING, CHECKING, WAITING, MINTING, CONNECTING, SWITCHING, READING_ON, OVER ->
          false;
      case BUFFERING -> (mayStream && isTooSlow(now, true)) || isBufferLate(now);
      case DISCARDING -> now - discardingSince > MOST_DISCARDING_NANOS;
      case FORWARDING -> !complete && isTooSlow(now, providerTakesMore);
    };
  }

  private boolean isBufferLate(long now) {
    return buffered != null
        && (!mayStream || buffered.body().mustBeHeld())
        && buffered.isLate(now, timeouts);
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
