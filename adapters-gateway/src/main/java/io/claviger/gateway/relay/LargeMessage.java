package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.gateway.model.BodyReaders;
import io.claviger.gateway.redact.Redactor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.util.Optional;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * A message that is too large to be read on the event loop. Another thread inflates the message,
 * checks that it is UTF-8, and searches it for the service's key. A compressed message is read in
 * steps, so that its memory can be counted between the steps.
 */
final class LargeMessage implements BodyReaders.Reading, AutoCloseable {
  /**
   * The number of bytes above which a message counts as large. Reading a smaller message takes a
   * fraction of a millisecond.
   */
  static final int LEAST = 64 << 10;

  /** The number of bytes that are inflated in one step. */
  private static final int GO = 1 << 20;

  /** The number of bytes that are read at a time, before other messages are read. */
  private static final int TURN = 64 << 10;

  private final @Nullable Inflation inflation;
  private final ByteBuf whole;
  private final @Nullable Redactor key;
  private boolean inflated;
  private int read;
  private int goEnds;
  private boolean hasKey;
  private @Nullable WebSocketCloseStatus fault;
  private boolean closed;

  private LargeMessage(@Nullable Inflation inflation, ByteBuf whole, @Nullable Redactor key) {
    this.inflation = inflation;
    this.inflated = inflation == null;
    this.whole = whole;
    this.key = key;
    this.read = whole.readerIndex();
  }

  /**
   * @param begun the inflation, already begun; the new object has to release it
   */
  static LargeMessage compressed(Inflation begun) {
    return new LargeMessage(begun, begun.result(), null);
  }

  /**
   * @param message the message; the new object has to release it
   * @param key the redactor that finds the service's key; null if there is no key
   */
  static LargeMessage of(ByteBuf message, @Nullable Redactor key) {
    return new LargeMessage(null, message, key);
  }

  /** Begins the next step. */
  void go() {
    goEnds = whole.readableBytes() + GO;
  }

  /** The memory, in bytes, that the message will occupy after the next step. */
  @Override
  public long bytes() {
    return inflation == null || inflated ? held() : inflation.heldAfter(GO + TURN);
  }

  /** The memory, in bytes, that the message occupies now. */
  long held() {
    return inflation == null ? whole.readableBytes() : inflation.held();
  }

  @Override
  public boolean readOn() {
    try {
      if (inflation != null && !inflated) {
        inflated = inflation.inflate(TURN);
      }
    } catch (Inflation.TooLarge e) {
      fault = WebSocketCloseStatus.MESSAGE_TOO_BIG;
    } catch (DataFormatException e) {
      fault = WebSocketCloseStatus.INVALID_PAYLOAD_DATA;
    }
    if (fault == null) {
      search();
    }
    return fault != null
        || hasKey
        || isComplete()
        || (!inflated && whole.readableBytes() >= goEnds);
  }

  /** Reads the inflated bytes, up to the last complete character. */
  private void search() {
    int end = whole.writerIndex();
    int to = inflated && end - read <= TURN ? end : beforeCharacter(Math.min(end, read + TURN));
    if (!ByteBufUtil.isText(whole, read, to - read, UTF_8)) {
      fault = WebSocketCloseStatus.INVALID_PAYLOAD_DATA;
    } else if (key != null) {
      hasKey = key.finds(whole, read, to, to == end);
    }
    read = to;
  }

  /**
   * If the last character before the given index might be incomplete, returns the index at which
   * this character begins; otherwise returns the given index.
   */
  private int beforeCharacter(int to) {
    for (int at = to - 1; at >= Math.max(read, to - 3); at--) {
      int next = whole.getByte(at) & 0xff;
      if (next >= 0xc0) {
        return at;
      }
      if (next < 0x80) {
        return to;
      }
    }
    return to;
  }

  /** Whether the whole message has been read and is valid. */
  boolean isComplete() {
    return inflated && read == whole.writerIndex() && fault == null;
  }

  /** Whether the message contains the service's key. */
  boolean hasKey() {
    return hasKey;
  }

  /**
   * The status with which to close the connection if the message can't be forwarded; otherwise
   * empty.
   */
  Optional<WebSocketCloseStatus> fault() {
    return Optional.ofNullable(fault);
  }

  /**
   * @return the whole message, which the receiver has to release
   */
  ByteBuf take() {
    ByteBuf taken = whole.retain();
    close();
    return taken;
  }

  /** This method can be called repeatedly. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (inflation == null) {
      whole.release();
    } else {
      inflation.close();
    }
  }
}
