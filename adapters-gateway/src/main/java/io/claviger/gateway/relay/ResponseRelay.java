package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.standards.ResponseHeader;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.model.AddressFilter;
import io.claviger.gateway.model.AnswerRoom;
import io.claviger.gateway.model.ModelListing;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.out.ProviderListener;
import io.claviger.gateway.redact.CallSecretRedactor;
import io.claviger.gateway.redact.Redactor;
import io.claviger.gateway.usage.AnswerUse;
import io.claviger.gateway.usage.EventStreamBoundary;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Forwards a provider's response to the caller. If this is impossible, decides which error ends the
 * call.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing waits for the futures of these writes
final class ResponseRelay implements ProviderListener {
  /**
   * The maximum time for which the gateway waits for a provider's body that it does not forward,
   * but replaces with a text of its own.
   */
  private static final Duration MOST_TIME = Duration.ofSeconds(1);

  private final GatewayCall call;
  private final AuthorizedCall authorized;
  private final ProviderConnection connection;
  private final Channel caller;
  private final CallerResponse response;

  private @Nullable Redactor redactor;
  private @Nullable BufferedErrorBody undecided;
  private final AnswerUse use;
  private final String path;
  private boolean takesOutUsage;

  /** Removes models from a list of models; null if no models have to be removed. */
  private final @Nullable ModelListing listing;

  /** The head of an answer whose body is buffered in order to be shortened. */
  private @Nullable HttpResponse held;

  /**
   * Removes the event with the usage from the stream, because the caller did not request the usage;
   * null if nothing has to be removed.
   */
  private @Nullable UsageEventFilter filter;

  /**
   * Replaces errors about the account's rate limits in the stream; null if the caller is allowed to
   * know these limits, or if the answer is not a stream of server-sent events.
   */
  private @Nullable RateEventFilter rates;

  /** Records the objects in the answer; null if the answer names no objects. */
  private @Nullable CallObjects objects;

  private @Nullable AnswerRoom room;

  /**
   * Holds the answer back until the ledger has stored which objects the call has made or ended;
   * null if the answer is forwarded immediately.
   */
  private @Nullable ObjectAnswer recorded;

  private Consumer<HttpHeaders> addresses = headers -> {};

  /** Replaces the URLs in the body; null if the answer contains no such URLs. */
  private @Nullable AddressFilter ownAddresses;

  /** Whether the gateway replaces the body with its own text. */
  private boolean hidden;

  private boolean detached;

  /** Whether the gateway reads the answer only for its usage, because the caller has left. */
  private boolean readsOn;

  private boolean ended;
  private int status;

  /**
   * @param path the path below the service's endpoint
   */
  ResponseRelay(GatewayCall call, CallParts parts, ProviderConnection connection, String path) {
    this.call = call;
    this.authorized = parts.permission().call();
    this.connection = connection;
    this.caller = parts.caller().channel();
    this.response = parts.response();
    this.path = path;
    HttpMethod method = parts.requested().head().method();
    this.use = new AnswerUse(authorized.standard().format(), method, path, authorized.caps());
    this.listing =
        ModelListing.ifModelsAreLimited(
            authorized, method.name(), path, parts.environment().buffering().budget());
  }

  /** Removes the usage from the stream, because only the gateway requested it. */
  void takeOutUsage() {
    takesOutUsage = true;
  }

  /**
   * Makes this relay record which objects the call has made or ended before it forwards the answer.
   */
  void record(CallObjects stated, AnswerRoom kept) {
    objects = stated;
    room = kept;
  }

  /**
   * @param replacing an action that replaces the provider's URLs in the headers of an answer with
   *     URLs of the gateway
   */
  void replaceAddresses(Consumer<HttpHeaders> replacing) {
    addresses = replacing;
  }

  /**
   * @param filter the filter that replaces the provider's URLs in the body of an answer with URLs
   *     of the gateway
   */
  void replaceStated(AddressFilter filter) {
    ownAddresses = filter;
  }

  /**
   * Reads the rest of the answer for its usage, and discards the answer. Called after the caller
   * has left.
   */
  void readOn() {
    readsOn = true;
    resume();
  }

  /**
   * Reads more of the answer, unless the gateway still has to record objects in the part that has
   * arrived.
   */
  private void resume() {
    if (recorded == null || !recorded.isRecording()) {
      connection.read(true);
    }
  }

  /** Ignores all further events of the connection. */
  void detach() {
    detached = true;
    if (redactor != null) {
      redactor.close();
    }
    if (undecided != null) {
      undecided.close();
      undecided = null;
    }
    if (listing != null) {
      listing.close();
    }
    if (rates != null) {
      rates.close();
    }
    if (filter != null) {
      filter.close();
    }
    if (recorded != null) {
      recorded.close();
    }
    if (objects != null) {
      objects.close();
    }
  }

  @Override
  public void answered(HttpResponse head) {
    status = head.status().code();
    use.answered(status);
    if (objects != null) {
      objects.statusArrived(status);
    }
    if (readsOn) {
      redactor = CallSecretRedactor.of(authorized, status >= 400);
      use.begin(head.headers());
      use.follow(head.headers());
      recordForNobody(head);
      return;
    }
    try {
      addresses.accept(head.headers());
    } catch (CallRefused e) {
      call.fail(e.error());
      return;
    }
    Optional<CallError> instead = ResponsePolicy.errorInstead(head, authorized.standard().format());
    if (instead.isEmpty() && authorized.standard().format().api().mayRejectToken(status)) {
      call.tokenDoubted();
    }
    if (instead.isPresent()) {
      call.fail(
          instead.get().equals(CallError.PROVIDER_REJECTED_KEY)
              ? rejectedKey(status)
              : instead.get());
    } else if (mayRejectKey(head) || mayHideRates()) {
      BufferedErrorBody body =
          new BufferedErrorBody(authorized.standard().format(), head, caller.alloc());
      undecided = body;
      if (!mayRejectKey(head)) {
        Object unused = call.schedule(() -> decideIfLate(body), MOST_TIME);
      }
    } else {
      begin(head);
    }
  }

  @Override
  public void content(ByteBuf content) {
    if (detached) {
      content.release();
    } else if (readsOn) {
      drop(redacted(content));
    } else if (undecided != null) {
      if (undecided.collect(content)) {
        decide(undecided);
      }
    } else if (hidden) {
      content.release();
    } else {
      forward(content);
    }
  }

  @Override
  public void answerEnded() {
    ended = true;
    use.end();
    if (readsOn && !detached) {
      readLast();
      if (recorded == null) {
        call.answerEnded();
      } else {
        recorded.end();
      }
      return;
    }
    if (undecided != null) {
      decide(undecided);
    }
    if (detached || redactor == null) {
      return;
    }
    ByteBuf last = redactor.end();
    use.read(last);
    try {
      pass(withOwnAddresses(last));
      if (ownAddresses != null) {
        ownAddresses.end();
      }
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    if (recorded != null) {
      recorded.end();
      return;
    }
    endAnswer();
  }

  private void endAnswer() {
    if (rates != null) {
      passUnfiltered(rates.end());
    }
    if (filter != null) {
      response.content(filter.end());
    }
    if (held != null && !detached) {
      sendShortened(held, Objects.requireNonNull(listing));
    }
    if (detached) {
      return;
    }
    response.end();
    Objects.requireNonNull(redactor).close();
    call.answerEnded();
  }

  private void readLast() {
    if (redactor != null) {
      ByteBuf last = redactor.end();
      use.read(last);
      drop(last);
    }
  }

  /**
   * Drops a part of an answer whose caller has left, after the objects in the part have been
   * recorded.
   */
  private void drop(ByteBuf part) {
    if (recorded == null) {
      part.release();
    } else {
      recorded.add(part);
    }
  }

  /**
   * Called if the caller has left and the answer is therefore not forwarded. Records the objects in
   * the answer, so that the caller can find them later.
   */
  private void recordForNobody(HttpResponse head) {
    if (objects != null) {
      objects.answered(status);
      if (objects.keepsBack(status)) {
        keepBack(objects, head);
      }
    }
  }

  private void sendShortened(HttpResponse head, ModelListing list) {
    Optional<byte[]> shortened = list.shortened();
    if (shortened.isEmpty()) {
      malformed();
      return;
    }
    HttpHeaders headers = head.headers();
    headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
    headers.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(shortened.get().length));
    writeHead(head, Objects.requireNonNull(redactor));
    list.close();
    use.shorten(shortened.get().length);
    response.content(Unpooled.wrappedBuffer(shortened.get()));
  }

  /**
   * Decides what the caller gets, as soon as enough of the body has arrived to tell whether it is a
   * refusal that must be replaced.
   */
  private void decide(BufferedErrorBody decided) {
    undecided = null;
    if (decided.isRejection()) {
      decided.close();
      call.fail(rejectedKey(decided.head().status().code()));
    } else if (hidesRates(decided) && !(ended && decided.isEmpty())) {
      hide(decided);
    } else {
      begin(decided.head());
      forward(decided.body());
    }
  }

  private void decideIfLate(BufferedErrorBody waiting) {
    if (undecided == waiting && !readsOn) {
      decide(waiting);
      response.flush();
    }
  }

  /**
   * Whether the gateway replaces a refusal that is due to the account's rate limits or credit. The
   * provider's text would reveal the organization's name, and how much all other callers use the
   * account.
   */
  private boolean hidesRates(BufferedErrorBody refusal) {
    return mayHideRates() && HiddenRates.areIn(status, refusal.reading().meaning());
  }

  private boolean mayRejectKey(HttpResponse head) {
    return ResponsePolicy.dependsOnBody(head, authorized.standard().format());
  }

  private boolean mayHideRates() {
    return !authorized.showsRates() && HiddenRates.mayBeIn(status);
  }

  private void hide(BufferedErrorBody refusal) {
    hidden = true;
    ErrorReader.Reading said = refusal.reading();
    refusal.close();
    HttpHeaders headers = refusal.head().headers();
    Optional<Duration> wait = said.retryDelay().or(() -> RetryAfter.of(headers));
    ProviderApi api = authorized.standard().format().api();
    byte[] body = HiddenRates.body(api, status, said.meaning(), wait).getBytes(UTF_8);
    headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
    headers.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
    headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
    if (!headers.contains(HttpHeaderNames.RETRY_AFTER)) {
      said.retryDelay()
          .ifPresent(
              delay ->
                  headers.set(
                      HttpHeaderNames.RETRY_AFTER, Long.toString(RetryAfter.seconds(delay))));
    }
    begin(refusal.head());
    forward(Unpooled.wrappedBuffer(body));
    if (!ended) {
      // don't wait for the rest of the provider's body: it might take long, or never end
      answerEnded();
    }
  }

  private CallError rejectedKey(int answered) {
    call.keyRejected(answered);
    return CallError.providerRejectedKey(authorized.source());
  }

  private void begin(HttpResponse head) {
    Redactor begun = CallSecretRedactor.of(authorized, head.status().code() >= 400);
    redactor = begun;
    use.begin(head.headers());
    if (status >= 300) {
      ownAddresses = null;
    }
    if (objects != null) {
      objects.answered(status);
    }
    if (objects != null && objects.keepsBack(status)) {
      keepBack(objects, head);
    } else if (listing != null && head.status().code() == 200) {
      held = head;
    } else {
      writeHead(head, begun);
    }
  }

  private void keepBack(CallObjects stated, HttpResponse head) {
    ObjectRecorder recorder = stated.recorder();
    boolean events = recorder.isStream(head.headers());
    if (events && !readsOn) {
      writeHead(head, Objects.requireNonNull(redactor));
    }
    recorded =
        new ObjectAnswer(
            recorder,
            new Outlet(events ? null : head),
            Objects.requireNonNull(room),
            caller.alloc(),
            events);
  }

  private void writeHead(HttpResponse head, Redactor begun) {
    if (takesOutUsage
        && head.status().code() == 200
        && EventStreamBoundary.isEventStream(head.headers())) {
      filter = new UsageEventFilter(caller.alloc());
      head.headers().remove(HttpHeaderNames.CONTENT_LENGTH); // the answer gets shorter
    }
    if (!authorized.showsRates() && EventStreamBoundary.isEventStream(head.headers())) {
      rates = new RateEventFilter(authorized.standard().format().api(), caller.alloc());
    }
    if (ownAddresses != null || rates != null) {
      head.headers().remove(HttpHeaderNames.CONTENT_LENGTH); // the length of the body may change
    }
    response.begin(head, passing(), authorized.showsRates(), begun);
    if (begun.finds(head.status().reasonPhrase()) || begun.hasFoundInText()) {
      connection.secretInHead();
    }
    use.follow(head.headers());
    call.answerBegun();
  }

  private List<ResponseHeader> passing() {
    List<ResponseHeader> listed = authorized.standard().responseHeaders();
    List<String> more = authorized.standard().format().api().uploadAnswerHeaders(path);
    return more.isEmpty()
        ? listed
        : Stream.concat(listed.stream(), more.stream().map(ResponseHeader::new)).toList();
  }

  /**
   * Returns the content with masked secrets. The usage is read from the masked content, because
   * parts of the usage are kept after the call and must not contain secrets.
   */
  private ByteBuf redacted(ByteBuf content) {
    use.count(content);
    ByteBuf part = redactor == null ? content : redactor.pass(content);
    use.read(part);
    return part;
  }

  private void forward(ByteBuf content) {
    try {
      pass(withOwnAddresses(redacted(content)));
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    if (!caller.isWritable()) {
      connection.read(false);
    }
  }

  private ByteBuf withOwnAddresses(ByteBuf part) {
    return ownAddresses == null ? part : ownAddresses.pass(part);
  }

  private void pass(ByteBuf part) {
    if (recorded != null) {
      recorded.add(part);
    } else {
      passOn(part);
    }
  }

  private void passOn(ByteBuf part) {
    passUnfiltered(rates == null ? part : rates.pass(part));
  }

  private void passUnfiltered(ByteBuf part) {
    if (filter != null) {
      response.content(filter.pass(part));
    } else if (held == null) {
      response.content(part);
    } else {
      Objects.requireNonNull(listing).add(part).ifPresent(this::fail);
    }
  }

  /** The call's usage according to the answer. */
  AnswerUse use() {
    return use;
  }

  /** Called when the caller has read the written bytes. */
  void callerWritable() {
    use.beginWaiting();
    resume();
  }

  @Override
  public void paused() {
    response.flush();
  }

  @Override
  public void writable() {
    call.providerWritable();
  }

  @Override
  public void silent() {
    breakOff(CallError.PROVIDER_TIMEOUT);
  }

  @Override
  public void broken() {
    breakOff(CallError.PROVIDER_BROKE_OFF);
  }

  /**
   * Called if the provider breaks off the answer. Does nothing if the whole answer had already
   * arrived, so that the call waits only for the ledger. If the provider breaks off within an
   * error, the caller still gets the beginning of the error.
   */
  private void breakOff(CallError why) {
    BufferedErrorBody waiting = undecided;
    if (waiting != null
        && !readsOn
        && !mayRejectKey(waiting.head())
        && !HiddenRates.areIn(status, waiting.reading().meaning())) {
      decide(waiting);
    }
    if (recorded == null) {
      fail(why);
    } else if (!ended) {
      recorded.breakOff(why);
    }
  }

  @Override
  public void malformed() {
    fail(CallError.PROVIDER_ANSWER_UNUSABLE);
  }

  private void fail(CallError why) {
    if (!detached) {
      call.fail(why);
    }
  }

  /** Forwards the parts of the answer whose objects have been recorded. */
  private final class Outlet implements ObjectAnswer.Outlet {
    /** The head of the answer; null after it has been forwarded. */
    private @Nullable HttpResponse head;

    Outlet(@Nullable HttpResponse head) {
      this.head = head;
    }

    @Override
    public void pass(ByteBuf part) {
      if (readsOn) {
        part.release();
        return;
      }
      HttpResponse first = head;
      head = null;
      if (first != null) {
        writeHead(first, Objects.requireNonNull(redactor));
      }
      passOn(part);
      response.flush();
    }

    @Override
    public void end() {
      if (readsOn) {
        call.answerEnded();
      } else {
        endAnswer();
      }
    }

    @Override
    public void fail(CallError why) {
      ResponseRelay.this.fail(why);
    }

    @Override
    public void read(boolean on) {
      if (!ended && !detached) {
        connection.read(on && (readsOn || caller.isWritable()));
      }
    }
  }
}
