package io.claviger.gateway.relay;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.domain.keys.CustomHeader;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.gateway.in.BodyLength;
import io.claviger.gateway.in.LoopGuard;
import io.claviger.gateway.wire.HeadWriter;
import io.claviger.gateway.wire.NextHopHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Iterator;
import java.util.Map;

/**
 * The head of a request as a provider gets it. It can be written more than once, as long as the
 * passage is open: a connection may turn out to be dead before anything was sent.
 */
public final class RequestHead {
  private static final int LINE_END = ('\r' << 8) | '\n';
  private static final int USUAL = 4 << 10;

  /** The rest of the first line, what is set on every request, and names around a key. */
  private static final int SHORT_PARTS = 1 << 10;

  /** A colon, a space and a line's end. */
  private static final int BETWEEN = 4;

  /** Of a byte in percent encoding. */
  private static final int LONGEST_ENCODED = 3;

  private final HttpRequest request;
  private final AuthorizedCall passage;
  private final String path;
  private final String query;
  private final BodyLength length;
  private final boolean tokenAsBearer;

  /**
   * @param path below the service
   * @param query what passes of the caller's
   */
  public RequestHead(
      HttpRequest request,
      AuthorizedCall passage,
      String path,
      String query,
      BodyLength length,
      boolean tokenAsBearer) {
    this.request = request;
    this.passage = passage;
    this.path = path;
    this.query = query;
    this.length = length;
    this.tokenAsBearer = tokenAsBearer;
  }

  /**
   * A buffer that holds the key in the clear: its receiver wipes it once it is sent. A small body
   * has room in it.
   */
  public ByteBuf write(ByteBufAllocator buffers) {
    HeadWriter head = new HeadWriter(buffers.ioBuffer(Math.max(USUAL, size())));
    KeyAttachment attachment = new KeyAttachment(passage, tokenAsBearer);
    head.text(request.method().name()).text(" ");
    head.text(passage.endpoint().path()).text("/").text(path);
    attachment.writeQuery(head, query);
    head.text(" HTTP/1.1").endLine();
    head.header(HttpHeaderNames.HOST, passage.endpoint().authority());
    writePassing(head, attachment);
    head.header(HttpHeaderNames.ACCEPT_ENCODING, "identity");
    head.header(LoopGuard.HOP, LoopGuard.MARK);
    attachment.writeHeaders(head);
    writeFraming(head);
    head.endLine();
    if (keyInForm(passage)) {
      writeFormKey(head.buffer());
    }
    return head.buffer();
  }

  /** At most; a buffer that had to grow would leave the key behind where it stood before. */
  private int size() {
    int size = SHORT_PARTS + passage.endpoint().path().length() + path.length() + query.length();
    Iterator<Map.Entry<CharSequence, CharSequence>> all = request.headers().iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> header = all.next();
      size += header.getKey().length() + header.getValue().length() + BETWEEN;
    }
    for (CustomHeader header : passage.headers().headers()) {
      size += header.name().value().length() + length(header.value()) + BETWEEN;
    }
    return passage.key().isEmpty() ? size : size + LONGEST_ENCODED * length(passage.key().get());
  }

  private static int length(Secret secret) {
    return secret.lend(bytes -> bytes.length);
  }

  private void writePassing(HeadWriter head, KeyAttachment attachment) {
    RequestHeaderFilter filter = RequestHeaderFilter.of(passage.standard().requestHeaders());
    HttpHeaders headers = request.headers();
    NextHopHeaders nextHop = NextHopHeaders.of(headers);
    Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> header = all.next();
      CharSequence name = header.getKey();
      if (filter.passes(name) && !attachment.sets(name) && !nextHop.include(name)) {
        head.header(name, header.getValue());
      }
    }
  }

  private void writeFraming(HeadWriter head) {
    if (length.isChunked()) {
      head.header(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
    } else if (length.bytes() > 0 || request.method().name().equals("POST")) {
      head.header(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length.bytes()));
    }
  }

  /** Whether the key travels in the body, whose length it changes. */
  public static boolean keyInForm(AuthorizedCall passage) {
    return passage.key().isPresent()
        && passage.standard().placement().method() == KeyMethod.BODY_FORM;
  }

  /** The first chunk of the body, whose size is known only once the key is encoded. */
  private void writeFormKey(ByteBuf out) {
    int sizeAt = out.writerIndex();
    out.writeZero(8).writeShort(LINE_END);
    int from = out.writerIndex();
    ByteBufUtil.writeAscii(out, passage.standard().placement().field());
    out.writeByte('=');
    passage.key().orElseThrow().lend(bytes -> PercentEncoding.write(bytes, out));
    int size = out.writerIndex() - from;
    for (int digit = 7; digit >= 0; digit--) {
      out.setByte(sizeAt + digit, Character.forDigit((size >> (4 * (7 - digit))) & 0xf, 16));
    }
    out.writeShort(LINE_END);
  }
}
