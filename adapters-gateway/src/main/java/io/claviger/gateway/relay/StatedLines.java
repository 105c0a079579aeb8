package io.claviger.gateway.relay;

import io.claviger.application.batches.port.BatchProvider.Receiver;
import io.claviger.domain.formats.UsagePlaces;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Reads what each line of JSON states, while the lines pass. It keeps no more than the counts of
 * one line, however long the line is.
 */
public final class StatedLines {
  private final UsagePlaces places;
  private final Receiver receiver;

  /** What the line states; null at its beginning. */
  private @Nullable TokenCounts line;

  public StatedLines(UsagePlaces places, Receiver receiver) {
    this.places = places;
    this.receiver = receiver;
  }

  /**
   * @param part not changed
   */
  public void read(ByteBuf part) {
    byte[] bytes = new byte[part.readableBytes()];
    part.getBytes(part.readerIndex(), bytes);
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        read(bytes, from, i);
        end();
        from = i + 1;
      }
    }
    read(bytes, from, bytes.length);
  }

  private void read(byte[] bytes, int from, int to) {
    int begin = from;
    while (line == null && begin < to && bytes[begin] <= ' ' && bytes[begin] >= 0) {
      begin++;
    }
    if (begin < to) {
      TokenCounts known = line;
      if (known == null) {
        known = TokenCounts.at(places);
        known.begin(AnswerFraming.DOCUMENT);
        line = known;
      }
      known.scan(Unpooled.wrappedBuffer(bytes, begin, to - begin));
    }
  }

  /** The last line has ended. */
  public void end() {
    TokenCounts ended = line;
    line = null;
    if (ended != null) {
      receiver.answered(ended.answeredModel(), ended.usage(false));
    }
  }
}
