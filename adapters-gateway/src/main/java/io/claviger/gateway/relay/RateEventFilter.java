package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.domain.formats.ProviderApi;
import io.claviger.gateway.wire.ByteSearch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.ByteProcessor;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Replaces errors about the account's rate limits in a stream of server-sent events ({@link
 * HiddenRates}). An event is forwarded when it is complete, and comments are forwarded when their
 * line is complete. If an event has more than {@value #LONGEST} bytes, only errors at the beginning
 * of its data are replaced. Looking at the beginning is enough for OpenAI: it states the error of a
 * response before the response's instructions and tools, which callers can make as long as they
 * like.
 */
final class RateEventFilter extends EventFilter {
  private static final String DATA = "data:";

  /** Matches the name of the field with an event's data, at the beginning of a line. */
  private static final Pattern NAME_OF_DATA = Pattern.compile("(?:^|[\\r\\n])data:");

  /**
   * The number of bytes at the start of an event within which the event's data has to begin. If the
   * data begins later, the filter does not look for an error.
   */
  private static final int MOST_BEFORE_DATA = 256;

  private final ProviderApi api;

  /** Whether the current event is too long to be buffered. */
  private boolean isTooLong;

  /** Whether the current event has a line that is not empty. */
  private boolean hasText;

  private boolean isComment;
  private boolean atLineStart = true;
  private boolean afterReturn;

  /** The part of the stream that is being filtered. */
  private ByteBuf part = Unpooled.EMPTY_BUFFER;

  /** The position in the current part at which the current event begins or continues. */
  private int begun;

  /** Whether the current part might contain an error. */
  private boolean mayTell;

  RateEventFilter(ProviderApi api, ByteBufAllocator buffers) {
    super(buffers);
    this.api = api;
  }

  @Override
  int read(ByteBuf next) {
    part = next;
    begun = 0;
    mayTell = ByteSearch.hasError(next);
    int length = part.readableBytes();
    int i = 0;
    while (i < length) {
      i = read(i);
    }
    part = Unpooled.EMPTY_BUFFER;
    if (!isTooLong && held().readableBytes() + length - begun > LONGEST) {
      isTooLong = true;
      forwardBeginning(next, length);
    }
    return hasText && !isTooLong ? begun : length;
  }

  /** Forwards what has arrived of an event that is too long to be held back as a whole. */
  private void forwardBeginning(ByteBuf next, int length) {
    if (held().isReadable()) {
      hold(begun, length);
      Optional<HiddenRates.Beginning> instead = beginning(held());
      if (instead.isPresent()) {
        write(held(), instead.get());
        close();
      } else {
        forwardHeld();
      }
      remove(0, length);
    } else if (mayTell) {
      ByteBuf event = next.slice(next.readerIndex() + begun, length - begun);
      beginning(event)
          .ifPresent(
              instead -> {
                remove(begun, length);
                write(event, instead);
              });
    }
  }

  /**
   * Returns what to forward in place of the beginning of an event; empty if the beginning reveals
   * no rate limit and is forwarded unchanged.
   */
  private Optional<HiddenRates.Beginning> beginning(ByteBuf event) {
    int most = Math.min(MOST_BEFORE_DATA, event.readableBytes());
    Matcher data = NAME_OF_DATA.matcher(event.toString(event.readerIndex(), most, ISO_8859_1));
    return data.find() && ByteSearch.hasError(event)
        ? HiddenRates.beginning(api, event, data.end())
        : Optional.empty();
  }

  private void write(ByteBuf event, HiddenRates.Beginning instead) {
    ByteBufUtil.writeUtf8(out(), instead.text());
    int from = event.readerIndex() + instead.bytes();
    out().writeBytes(event, from, event.writerIndex() - from);
  }

  private int read(int at) {
    int index = part.readerIndex() + at;
    byte next = part.getByte(index);
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
      int end = part.forEachByte(index, part.writerIndex() - index, ByteProcessor.FIND_CRLF);
      return (end < 0 ? part.writerIndex() : end) - part.readerIndex();
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
    if (held().isReadable()) {
      hold(begun, end);
      Optional<String> instead = instead(held());
      if (instead.isPresent()) {
        ByteBufUtil.writeUtf8(out(), instead.get());
        close();
      } else {
        forwardHeld();
      }
      remove(0, end);
    } else if (mayTell && !isTooLong) {
      Optional<String> instead = instead(part.slice(part.readerIndex() + begun, end - begun));
      if (instead.isPresent()) {
        remove(begun, end);
        ByteBufUtil.writeUtf8(out(), instead.get());
      }
    }
    begun = end;
    isTooLong = false;
    hasText = false;
    isComment = false;
  }

  /**
   * Returns the event to forward in place of the given event; empty if the given event is forwarded
   * unchanged.
   */
  private Optional<String> instead(ByteBuf event) {
    if (!ByteSearch.hasError(event)) { // The data of every event with an error contains the word.
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

  @Override
  ByteBuf end() {
    Optional<String> instead = instead(held());
    ByteBuf rest =
        instead.isPresent() ? Unpooled.copiedBuffer(instead.get(), UTF_8) : held().retain();
    close();
    return rest;
  }
}
