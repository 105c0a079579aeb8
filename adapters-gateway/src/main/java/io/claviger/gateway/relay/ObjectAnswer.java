package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.model.AnswerRoom;
import io.claviger.gateway.model.AnsweredObjects;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import java.util.Optional;

/**
 * A provider's answer with ids of objects, or to a call that ends an object. The gateway holds an
 * answer in JSON back until its objects, or the end of the object, are recorded. In a stream, the
 * gateway holds back an event with a new id, and everything after the event, until the object is
 * recorded. Only used on the event loop of the call.
 */
final class ObjectAnswer {
  private static final byte[] DATA = "data:".getBytes(US_ASCII);
  private static final byte[] DONE = "[DONE]".getBytes(US_ASCII);

  /** Receives the parts of the answer that may be forwarded. */
  interface Outlet {
    /**
     * @param part the next part; the callee has to release it
     */
    void pass(ByteBuf part);

    /** Called when the whole answer has been forwarded. */
    void end();

    void fail(CallError why);

    /** Starts or stops reading from the provider's connection. */
    void read(boolean on);
  }

  private final ObjectRecorder recorder;
  private final Outlet outlet;
  private final AnswerRoom room;
  private final ByteBuf kept;
  private final boolean streams;
  private final AnsweredObjects whole;

  /** The number of kept bytes that have been searched in vain for the end of an event. */
  private int searched;

  private boolean recording;

  /** Whether the call is going to fail, so that nothing more of the answer is needed. */
  private boolean givenUp;

  private boolean ended;
  private boolean closed;

  /**
   * @param streams true if the answer is a stream of server-sent events
   */
  ObjectAnswer(
      ObjectRecorder recorder,
      Outlet outlet,
      AnswerRoom room,
      ByteBufAllocator buffers,
      boolean streams) {
    this.recorder = recorder;
    this.outlet = outlet;
    this.room = room;
    this.kept = buffers.buffer();
    this.streams = streams;
    this.whole = recorder.answered();
  }

  /**
   * @param part the next part; the callee has to release it
   */
  void add(ByteBuf part) {
    try {
      if (closed || givenUp) {
        return;
      }
      int bytes = kept.readableBytes() + part.readableBytes();
      if (!room.holds(bytes)) {
        giveUp(
            bytes > AnswerRoom.LARGEST
                ? CallError.PROVIDER_ANSWER_UNUSABLE
                : recorder.withoutMemory());
        return;
      }
      if (!streams) {
        read(part);
      }
      kept.discardReadBytes();
      kept.writeBytes(part);
    } finally {
      part.release();
    }
    if (streams) {
      passEvents();
    }
  }

  private void read(ByteBuf part) {
    byte[] bytes = new byte[part.readableBytes()];
    part.getBytes(part.readerIndex(), bytes);
    whole.read(bytes, 0, bytes.length);
  }

  /** Called when the provider's answer is complete. */
  void end() {
    if (givenUp) {
      return;
    }
    ended = true;
    if (streams) {
      passEvents();
    } else {
      if (!kept.isReadable() && recorder.mayStateNothing()) {
        passAll();
        return;
      }
      whole.end();
      record(whole, this::passAll);
    }
  }

  /**
   * Whether the answer waits until its objects are recorded. During the wait, nothing more of the
   * answer is read.
   */
  boolean isRecording() {
    return recording || givenUp;
  }

  /** Called if the rest of the answer will not arrive. */
  void breakOff(CallError why) {
    if (givenUp) {
      return;
    }
    if (streams) {
      outlet.fail(why);
    } else {
      giveUp(why);
    }
  }

  /** Ends the call with an error, as soon as the objects in the part that was read are recorded. */
  private void giveUp(CallError why) {
    givenUp = true;
    outlet.read(false);
    runOrFail(() -> recorder.giveUp(whole, why, outlet::fail));
  }

  private void passAll() {
    outlet.pass(kept.readRetainedSlice(kept.readableBytes()));
    outlet.end();
  }

  private void passEvents() {
    while (!recording && !closed) {
      int length = lengthOfEvent();
      if (length < 0 && ended) {
        length = kept.readableBytes();
      }
      if (length < 0) {
        return;
      }
      if (length == 0) {
        endStream();
        return;
      }
      passEvent(length);
    }
  }

  private void endStream() {
    Optional<CallError> missing = recorder.missing();
    if (missing.isPresent()) {
      outlet.fail(missing.get());
    } else {
      outlet.end();
    }
  }

  private void passEvent(int length) {
    AnsweredObjects event = recorder.answered();
    boolean hasData = readData(event, length);
    if (!hasData || recorder.isKnown(event)) {
      searched = 0;
      outlet.pass(kept.readBytes(length));
    } else {
      record(
          event,
          () -> {
            searched = 0;
            outlet.pass(kept.readBytes(length));
            passEvents();
          });
    }
  }

  private void record(AnsweredObjects found, Runnable then) {
    recording = true;
    outlet.read(false);
    runOrFail(() -> recorder.record(found, why -> recorded(why, then)));
  }

  private void runOrFail(Runnable task) {
    boolean done = false;
    try {
      task.run();
      done = true;
    } finally {
      if (!done) { // after an unexpected exception, nothing else would end the call
        outlet.fail(CallError.INTERNAL);
      }
    }
  }

  private void recorded(Optional<CallError> why, Runnable then) {
    recording = false;
    if (closed || givenUp) {
      return;
    }
    if (why.isPresent()) {
      outlet.fail(why.get());
    } else {
      then.run();
      if (!recording && !closed) {
        outlet.read(true);
      }
    }
  }

  /**
   * Returns the length of the first event with its empty line; -1 if the end of the event has not
   * arrived.
   */
  private int lengthOfEvent() {
    int from = kept.readerIndex();
    for (int i = from + Math.max(0, searched - 3); i < kept.writerIndex(); i++) {
      if (isLineEnd(i) && i > from && endsEmptyLine(i, from)) {
        boolean more = kept.getByte(i) == '\r' && i + 1 < kept.writerIndex();
        return i + 1 - from + (more && kept.getByte(i + 1) == '\n' ? 1 : 0);
      }
    }
    searched = kept.readableBytes();
    return -1;
  }

  private boolean isLineEnd(int i) {
    return kept.getByte(i) == '\n' || kept.getByte(i) == '\r';
  }

  /**
   * Whether the line end at this position directly follows another line end. CR LF counts as one
   * line end.
   */
  private boolean endsEmptyLine(int i, int from) {
    byte end = kept.getByte(i);
    byte before = kept.getByte(i - 1);
    if (end == '\n' && before == '\r') {
      return i - 2 >= from && isLineEnd(i - 2);
    }
    return before == '\n' || before == '\r';
  }

  /**
   * Reads the data of the first held event.
   *
   * @return whether the event's data is JSON
   */
  private boolean readData(AnsweredObjects event, int length) {
    byte[] bytes = new byte[length];
    kept.getBytes(kept.readerIndex(), bytes);
    boolean any = false;
    int from = 0;
    while (from < length) {
      int to = from;
      while (to < length && bytes[to] != '\n' && bytes[to] != '\r') {
        to++;
      }
      if (to - from > DATA.length
          && Arrays.equals(bytes, from, from + DATA.length, DATA, 0, DATA.length)) {
        int begin = bytes[from + DATA.length] == ' ' ? from + DATA.length + 1 : from + DATA.length;
        if (!Arrays.equals(bytes, begin, to, DONE, 0, DONE.length)) {
          event.read(bytes, begin, to);
          any = true;
        }
      }
      from = to + 1;
    }
    if (any) {
      event.end();
    }
    return any;
  }

  /** Discards the part of the answer that is held back. This method can be called repeatedly. */
  void close() {
    if (!closed) {
      closed = true;
      kept.release();
      room.close();
      if (!streams && !ended && !givenUp) {
        recorder.abandon(whole);
      }
    }
  }
}
