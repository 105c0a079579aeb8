package io.claviger.gateway.relay;

import io.claviger.domain.formats.ErrorMeaning;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.out.ProviderListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An answer that the gateway holds back as a whole, because another target may give a better
 * answer.
 */
final class HeldAnswer {
  /**
   * The largest error, in bytes, in which the gateway looks for a reason. Larger errors are not
   * read.
   */
  private static final int ENOUGH = 64 << 10;

  /** How long the body of a refusal may take to arrive, in milliseconds. */
  private static final int MOST_MILLIS = 1_000;

  private final HttpResponse head;
  private final List<ByteBuf> parts = new ArrayList<>(2);
  private int bytes;
  private boolean ended;
  private boolean broken;
  private @Nullable Future<?> timer;

  HeldAnswer(HttpResponse head) {
    this.head = head;
  }

  HttpResponse head() {
    return head;
  }

  /**
   * Runs a task after a second, unless the answer was forwarded or discarded before. Afterwards,
   * the timer keeps no reference to the call.
   */
  void afterLongest(EventLoop loop, Runnable late) {
    timer = loop.schedule(late, MOST_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void endTimer() {
    if (timer != null) {
      boolean unused = timer.cancel(false);
      timer = null;
    }
  }

  /**
   * @param part the next part; the callee has to release it
   * @return whether the error so far is enough to find the reason
   */
  boolean add(ByteBuf part) {
    bytes += part.readableBytes();
    parts.add(part);
    return bytes >= ENOUGH;
  }

  void end() {
    ended = true;
  }

  /** Records that the rest of the answer will not arrive. */
  void breakOff() {
    broken = true;
  }

  /** The meaning of the answer if it is an error. */
  ErrorMeaning meaning(WireFormat format) {
    return reading(format).meaning();
  }

  /** What the answer says about limits if it is an error. */
  ErrorReader.Reading reading(WireFormat format) {
    ByteBuf whole =
        Unpooled.wrappedBuffer(parts.stream().map(ByteBuf::duplicate).toArray(ByteBuf[]::new));
    return ErrorReader.read(format, new ByteBufInputStream(whole));
  }

  /** Forwards the whole answer to a listener, in its original parts. */
  void replay(ProviderListener to) {
    endTimer();
    to.answered(head);
    List<ByteBuf> all = List.copyOf(parts);
    parts.clear();
    all.forEach(to::content);
    if (ended) {
      to.answerEnded();
    } else if (broken) {
      to.broken();
    } else {
      to.paused();
    }
  }

  void close() {
    endTimer();
    parts.forEach(ByteBuf::release);
    parts.clear();
  }
}
