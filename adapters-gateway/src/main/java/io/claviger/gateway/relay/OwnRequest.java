package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.standards.RequestHeader;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.head.BodyLength;
import io.claviger.gateway.out.PendingConnection;
import io.claviger.gateway.out.ProviderAddress;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.out.ProviderListener;
import io.claviger.gateway.out.ProviderPool;
import io.claviger.gateway.redact.CallSecretRedactor;
import io.claviger.gateway.redact.Redactor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A request that the gateway sends on its own initiative during a caller's call, with the same key
 * as the call and without a body. The request has those headers of the caller's request that may be
 * forwarded. Only used on the event loop of the call. The call must stay open until the request has
 * ended.
 */
final class OwnRequest implements ProviderListener, Continuation<ProviderConnection> {
  /** The maximum size of the answer to such a request, in bytes. */
  private static final int MOST = 1 << 20;

  private static final List<CharSequence> OF_THE_BODY =
      List.of(
          HttpHeaderNames.CONTENT_LENGTH,
          HttpHeaderNames.CONTENT_TYPE,
          HttpHeaderNames.CONTENT_ENCODING,
          HttpHeaderNames.TRANSFER_ENCODING,
          HttpHeaderNames.EXPECT);

  /**
   * The answer to a request.
   *
   * @param status the status; 0 if there is no answer, -1 if the answer is too large
   * @param body the text of the body, with masked secrets
   */
  record OwnAnswer(int status, String body) {
    static final OwnAnswer NONE = new OwnAnswer(0, "");

    /** A placeholder for any answer that is too large. */
    static final OwnAnswer TOO_LARGE = new OwnAnswer(-1, "");

    boolean isTooLarge() {
      return status < 0;
    }

    boolean isSuccess() {
      return status >= 200 && status < 300;
    }
  }

  /** Receives the answer. Called once, on the event loop. */
  interface Receiver {
    void answered(OwnAnswer answer);
  }

  private final AuthorizedCall authorized;
  private final HttpRequest head;
  private final String path;
  private final boolean tokenAsBearer;
  private final ProviderPool pool;
  private final ByteBufAllocator buffers;
  private final IntPredicate room;
  private final Receiver receiver;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(512);

  private @Nullable PendingConnection connecting;
  private @Nullable ProviderConnection connection;
  private @Nullable RequestRelay upload;
  private @Nullable Redactor redactor;
  private int status;
  private boolean over;
  private boolean repeated;

  /**
   * @param path the path below the service's endpoint
   * @param tokenAsBearer whether the caller sent the access token as a bearer token
   * @param room a function that reserves memory for a number of further bytes of the answer, and
   *     returns whether the memory is available; a negative number frees memory
   */
  OwnRequest(
      AuthorizedCall authorized,
      CallParts parts,
      HttpMethod method,
      String path,
      boolean tokenAsBearer,
      IntPredicate room,
      Receiver receiver) {
    this.authorized = authorized;
    this.head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, "/" + path);
    head.headers().set(parts.requested().head().headers());
    OF_THE_BODY.forEach(head.headers()::remove);
    head.headers().names().stream()
        .filter(RequestHeader::namesCall)
        .forEach(head.headers()::remove);
    head.headers().set(HttpHeaderNames.ACCEPT, "application/json");
    if (method.equals(HttpMethod.POST)) {
      head.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
    }
    this.path = path;
    this.tokenAsBearer = tokenAsBearer;
    this.pool = parts.environment().pool();
    this.buffers = parts.caller().channel().alloc();
    this.room = room;
    this.receiver = receiver;
  }

  void start() {
    connect(false);
  }

  private void connect(boolean fresh) {
    ProviderAddress target = ProviderAddress.of(authorized);
    int timeout = authorized.timeout().millis();
    PendingConnection pending =
        fresh
            ? pool.acquireFresh(target, authorized.owner(), timeout, this)
            : pool.acquire(target, authorized.owner(), timeout, this);
    if (connection == null && !over) {
      connecting = pending;
    }
  }

  @Override
  public void done(ProviderConnection opened) {
    connecting = null;
    if (over) {
      opened.abort();
      return;
    }
    connection = opened;
    opened.begin(this, authorized.timeout().millis());
    try {
      RequestRelay relay =
          RequestRelay.of(
              new RequestHead(head, authorized, path, "", tokenAsBearer),
              BodyLength.of(head),
              buffers);
      upload = relay;
      relay.start(opened, () -> headNotSent(opened));
      relay.end(opened);
      relay.flush(opened);
    } catch (CallRefused | IllegalStateException cannotBeSent) {
      broken();
    }
  }

  /**
   * If the present connection came from the pool and was already dead, sends the request on another
   * connection.
   */
  private void headNotSent(ProviderConnection dead) {
    if (!over && connection == dead && dead.wasUsed() && !repeated && status == 0) {
      repeated = true;
      connection = null;
      dead.abort();
      connect(true);
    } else if (connection == dead) {
      broken();
    }
  }

  @Override
  public void refused(CallError why) {
    end(OwnAnswer.NONE);
  }

  @Override
  public void failed(Throwable why) {
    end(OwnAnswer.NONE);
  }

  @Override
  public void answered(HttpResponse answer) {
    status = answer.status().code();
    redactor = CallSecretRedactor.of(authorized, status >= 400);
    if (ResponsePolicy.errorInstead(answer, authorized.standard().format()).isPresent()) {
      end(OwnAnswer.NONE);
    }
  }

  @Override
  public void content(ByteBuf content) {
    if (!over && body.size() + content.readableBytes() > MOST) {
      content.release();
      boolean unused = room.test(-body.size());
      end(OwnAnswer.TOO_LARGE);
    } else if (over || !room.test(content.readableBytes())) {
      content.release();
      end(OwnAnswer.NONE);
    } else {
      add(Objects.requireNonNull(redactor).pass(content));
    }
  }

  private void add(ByteBuf part) {
    byte[] bytes = new byte[part.readableBytes()];
    part.readBytes(bytes);
    part.release();
    body.writeBytes(bytes);
  }

  @Override
  public void answerEnded() {
    if (over) {
      return;
    }
    add(Objects.requireNonNull(redactor).end());
    ProviderConnection done = connection;
    connection = null;
    if (done != null) {
      done.release();
    }
    end(new OwnAnswer(status, body.toString(UTF_8)));
  }

  @Override
  public void silent() {
    end(OwnAnswer.NONE);
  }

  @Override
  public void broken() {
    end(OwnAnswer.NONE);
  }

  @Override
  public void malformed() {
    end(OwnAnswer.NONE);
  }

  private void end(OwnAnswer answer) {
    if (!over) {
      close();
      receiver.answered(answer);
    }
  }

  /** Cancels the request. The receiver gets no answer. This method can be called repeatedly. */
  void close() {
    over = true;
    if (connecting != null) {
      connecting.abandon();
      connecting = null;
    }
    if (connection != null) {
      connection.abort();
      connection = null;
    }
    if (upload != null) {
      upload.forget();
      upload = null;
    }
    if (redactor != null) {
      redactor.close();
      redactor = null;
    }
  }
}
