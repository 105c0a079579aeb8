package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.domain.formats.ProviderApi;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.ByteProcessor;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Replaces errors about the account's rate limits in a stream of server-sent events ({@link
 * HiddenRates}). An event is forwarded when it is complete, and comments are forwarded when their
 * line is complete. At most {@value #LONGEST} bytes of an event are buffered; longer events are
 * forwarded unchanged. A part of the stream is copied only if an event is incomplete or replaced.
 */
final class RateEventFilter {
  static final int LONGEST = 64 << 10;

  /** What the data of each event with an error contains. */
  private static final ByteBuf ERROR =
      Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer("\"error\"".getBytes(US_ASCII)));

  private static final String DATA = "data:";

  private final ProviderApi api;
  private final ByteBufAllocator buffers;

  /** The bytes of the current event from earlier parts of the stream. */
  private ByteBuf held = Unpooled.EMPTY_BUFFER;

  /** Whether the current event is too long to be buffered. */
  private boolean isTooLong;

  /** Whether the current event has a line that is not empty. */
  private boolean hasText;

  private boolean isComment;
  private boolean atLineStart = true;
  private boolean afterReturn;

  /** The current part of the stream. */
  private ByteBuf part = Unpooled.EMPTY_BUFFER;

  /** The index in this part at which the current event begins or continues. */
  private int begun;

  /** The index in this part up to which all bytes have been written to {@link #out}. */
  private int settled;

  /** Whether the current part may contain an error. */
  private boolean mayTell;

  /** The bytes to forward before the rest of this part; null if there are none. */
  private @Nullable ByteBuf out;

  RateEventFilter(ProviderApi api, ByteBufAllocator buffers) {
    this.api = api;
    this.buffers = buffers;
  }

  /**
   * @param next the next part of the stream; the callee has to release it
   * @return the bytes to forward now, which the receiver has to release
   */
  ByteBuf pass(ByteBuf next) {
    part = next;
    begun = next.readerIndex();
    settled = begun;
    mayTell = ByteBufUtil.indexOf(ERROR, next) >= 0;
    out = null;
    try {
      int i = begun;
      while (i < next.writerIndex()) {
        i = read(i);
      }
      return forwarded();
    } catch (Throwable e) {
      if (out != null) {
        out.release();
      }
      throw e;
    } finally {
      part.release();
      part = Unpooled.EMPTY_BUFFER;
      out = null;
    }
  }

  private int read(int at) {
    byte next = part.getByte(at);
    if (next == '\n' && afterReturn) {
      afterReturn = false; // the second half of a line end, which may belong to the last event
      begun = hasText ? begun : at + 1;
      return at + 1;
    }
    if (next != '\n' && next != '\r') {
      isComment |= !hasText && next == ':';
      hasText = true;
      atLineStart = false;
      afterReturn = false;
      int end = part.forEachByte(at, part.writerIndex() - at, ByteProcessor.FIND_CRLF);
      return end < 0 ? part.writerIndex() : end;
    }
    boolean ends = atLineStart || isComment;
    atLineStart = true;
    afterReturn = next == '\r';
    if (ends) {
      endEvent(at + 1);
    }
    return at + 1;
  }

  private void endEvent(int end) {
    if (held.isReadable()) {
      hold(end);
      Optional<String> instead = instead(held);
      if (instead.isPresent()) {
        ByteBufUtil.writeUtf8(out(), instead.get());
      } else {
        out().writeBytes(held);
      }
      close();
      settled = end;
    } else if (mayTell && !isTooLong) {
      Optional<String> instead = instead(part.slice(begun, end - begun));
      if (instead.isPresent()) {
        settle(begun);
        ByteBufUtil.writeUtf8(out(), instead.get());
        settled = end;
      }
    }
    begun = end;
    isTooLong = false;
    hasText = false;
    isComment = false;
  }

  /** Holds back the event that is incomplete, and returns everything before the event. */
  private ByteBuf forwarded() {
    int end = part.writerIndex();
    isTooLong |= held.readableBytes() + end - begun > LONGEST;
    if (isTooLong && held.isReadable()) {
      out().writeBytes(held);
      close();
    }
    int to = end;
    if (hasText && !isTooLong && begun < end) {
      hold(end);
      to = begun;
    }
    if (out == null) {
      return to == end && settled == part.readerIndex()
          ? part.retain()
          : part.retainedSlice(settled, to - settled);
    }
    settle(to);
    return out;
  }

  private void hold(int end) {
    if (!held.isReadable()) {
      held.release();
      held = buffers.buffer(end - begun);
    }
    held.writeBytes(part, begun, end - begun);
  }

  /** Writes the bytes before a position that have been neither written nor replaced. */
  private void settle(int end) {
    if (end > settled) {
      out().writeBytes(part, settled, end - settled);
      settled = end;
    }
  }

  private ByteBuf out() {
    ByteBuf known = out == null ? buffers.buffer(held.readableBytes() + part.readableBytes()) : out;
    out = known;
    return known;
  }

  /** Returns the event to forward in place of this one; empty if this one is forwarded. */
  private Optional<String> instead(ByteBuf event) {
    if (ByteBufUtil.indexOf(ERROR, event) < 0) {
      return Optional.empty();
    }
    String text = event.toString(UTF_8);
    String data =
        text.lines()
            .filter(line -> line.startsWith(DATA))
            .map(line -> line.substring(DATA.length()))
            .collect(Collectors.joining(" "));
    ByteBuf json = Unpooled.wrappedBuffer(data.getBytes(UTF_8));
    return HiddenRates.data(api, json).map(own -> fields(text) + "data: " + own.strip() + "\n\n");
  }

  /** The event's lines other than its data, such as its name. */
  private static String fields(String event) {
    return event
        .lines()
        .filter(line -> !line.startsWith(DATA) && !line.isEmpty())
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  /**
   * Called at the end of the stream.
   *
   * @return the remaining bytes to forward, which the receiver has to release
   */
  ByteBuf end() {
    Optional<String> instead = instead(held);
    ByteBuf rest =
        instead.isPresent() ? Unpooled.copiedBuffer(instead.get(), UTF_8) : held.retain();
    close();
    return rest;
  }

  /** Drops the bytes that are held back. This method can be called repeatedly. */
  void close() {
    held.release();
    held = Unpooled.EMPTY_BUFFER;
  }
}
