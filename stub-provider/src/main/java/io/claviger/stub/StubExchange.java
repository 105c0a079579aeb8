package io.claviger.stub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.Charset;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One call, and the methods that answer it correctly or wrongly. Only the event loop of the
 * connection uses this object. If a write fails, the connection is closed. So the methods need not
 * wait for writes.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class StubExchange {
  private static final int PIECES_AT_ONCE = 16;

  private static final DefaultHttpHeadersFactory UNCHECKED =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);

  private final ChannelHandlerContext ctx;
  private final StubCall call;
  private final Runnable ended;
  private final HttpMessage request;
  private List<RecordedRequest.Header> added = List.of();
  private Charset charset = UTF_8;
  private boolean closing;
  private boolean over;
  private @Nullable BooleanSupplier piece;
  private boolean writingPieces;

  /**
   * @param request the request; it determines whether the connection stays open after the response
   * @param ended the action to run after the whole response was passed to the socket
   */
  StubExchange(ChannelHandlerContext ctx, StubCall call, HttpMessage request, Runnable ended) {
    this.ctx = ctx;
    this.call = call;
    this.request = request;
    this.closing = !HttpUtil.isKeepAlive(request);
    this.ended = ended;
  }

  StubCall call() {
    return call;
  }

  /** Adds headers to the answer, even if the answer is wrong. */
  void add(List<RecordedRequest.Header> more) {
    added = more;
  }

  /** Whether the response was sent completely or cut short on purpose. */
  boolean over() {
    return over;
  }

  void closeAfterwards() {
    closing = true;
  }

  void send(StubResponse answer) {
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            Unpooled.wrappedBuffer(answer.body()),
            UNCHECKED,
            UNCHECKED);
    describe(response.headers(), answer);
    if (answer.status() != 204 && answer.status() != 304) {
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
    }
    endWith(ctx.writeAndFlush(response));
  }

  /**
   * Sends only the head of a response; {@link #write} sends the body. Without a length, the body is
   * sent in chunks.
   */
  void open(StubResponse head, @Nullable Long length) {
    DefaultHttpResponse response =
        new DefaultHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(head.status()), UNCHECKED);
    describe(response.headers(), head);
    if (length == null) {
      response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    } else {
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
    }
    ctx.writeAndFlush(response);
  }

  private void describe(HttpHeaders headers, StubResponse answer) {
    HttpUtil.setKeepAlive(headers, request.protocolVersion(), HttpUtil.isKeepAlive(request));
    headers.set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
    headers.set(call.format().requestIdHeader(), call.id());
    answer.headers().forEach(line -> headers.add(line.name(), line.value()));
    added.forEach(line -> headers.add(line.name(), line.value()));
  }

  /** Sets the charset for writing texts. */
  void writeIn(Charset of) {
    charset = of;
  }

  /** Sends a text as one chunk of the body, immediately. */
  void write(String text) {
    write(Unpooled.wrappedBuffer(text.getBytes(charset)));
  }

  void write(ByteBuf bytes) {
    ctx.writeAndFlush(new DefaultHttpContent(bytes));
  }

  /** Sends raw bytes, which bypass the HTTP codec. */
  void writeRaw(String bytes) {
    ChannelHandlerContext codec = ctx.pipeline().context(HttpServerCodec.class);
    codec.writeAndFlush(Unpooled.wrappedBuffer(bytes.getBytes(UTF_8)));
  }

  /**
   * Runs the task as soon as everything that was written so far has been passed to the socket
   * successfully.
   */
  void whenWritten(Runnable task) {
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              if (written.isSuccess()) {
                task.run();
              }
            });
  }

  void end() {
    endWith(ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
  }

  private void endWith(ChannelFuture last) {
    last.addListener(
        written -> {
          if (!written.isSuccess()) {
            return;
          }
          over = true;
          if (closing) {
            ctx.close();
          } else {
            ended.run();
          }
        });
  }

  void after(long millis, Runnable then) {
    ctx.executor()
        .schedule(
            () -> {
              if (ctx.channel().isActive()) {
                then.run();
              }
            },
            millis,
            MILLISECONDS);
  }

  /**
   * Writes pieces for as long as the socket accepts more. Only a few pieces are written in one
   * step. If there were more, a fast reader would occupy the event loop, which other connections
   * need too.
   *
   * @param onePiece the function that writes one piece, and returns false after the last piece
   */
  void writePieces(BooleanSupplier onePiece) {
    piece = onePiece;
    writePieces();
  }

  void writabilityChanged() {
    if (!writingPieces) { // A write below might have made the socket writable again.
      writePieces();
    }
  }

  private void writePieces() {
    writingPieces = true;
    for (int n = 0; n < PIECES_AT_ONCE; n++) {
      BooleanSupplier next = piece;
      if (next == null || !isWritable()) {
        break;
      }
      if (!next.getAsBoolean()) {
        piece = null;
      }
    }
    writingPieces = false;
    if (piece != null && isWritable()) {
      ctx.executor().execute(this::writePieces);
    }
  }

  private boolean isWritable() {
    return !over && ctx.channel().isWritable();
  }

  /** Closes the connection, even if the response is incomplete. */
  void close() {
    over = true;
    ctx.close();
  }

  /** Closes the connection with a TCP reset. */
  void reset() {
    ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    close();
  }
}
