package io.claviger.gateway.relay;

import io.claviger.domain.usage.TokenUsage;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds the token counts in an answer, JSON or a stream of events, while it passes. Any text
 * between two quotes may be a name. Text inside a string is never taken for a name, because its
 * quotes are escaped. {@link StatedTokens} adds the counts up.
 */
final class TokenCounts {
  private enum At {
    TEXT,
    COLON,
    NUMBER,
    /** Before the list of iterations. */
    LIST
  }

  private final byte[] name = new byte[UsageName.LONGEST];
  private final StatedTokens tokens = new StatedTokens();
  private int length;
  private At at = At.TEXT;
  private UsageName stated = UsageName.INPUT_TOKENS;
  private long number = -1;

  /** How many brackets are open, counted from that of the list of iterations. */
  private int depth;

  private long deltas;
  private long texts;
  private long piecesWhenStated;
  private long pictures;
  private long streamedPictures;

  /**
   * @param part of the answer's body; not changed
   */
  void scan(ByteBuf part) {
    int end = part.writerIndex();
    int i = part.readerIndex();
    while (i < end) {
      if (at == At.TEXT) {
        int quote = part.indexOf(i, end, (byte) '"');
        text(part, i, quote < 0 ? end : quote);
        if (quote < 0) {
          return;
        }
        quote();
        i = quote + 1;
      } else {
        scan(part.getByte(i));
        i++;
      }
    }
  }

  /**
   * What was stated so far.
   *
   * @param makesImages whether the operation makes images, which are then counted
   */
  TokenUsage usage(boolean makesImages) {
    long images = streamedPictures > 0 ? streamedPictures : pictures;
    return tokens.usage(makesImages ? images : 0);
  }

  /**
   * How many pieces of text have passed in a stream, if some of them passed after the output was
   * last stated; otherwise none. Providers send about one token in each. Most state the output only
   * at the end, some at the beginning too.
   */
  long unstatedPieces() {
    return pieces() == piecesWhenStated ? 0 : pieces();
  }

  private long pieces() {
    return Math.max(deltas, texts);
  }

  private void scan(byte next) {
    switch (at) {
      case COLON -> colon(next);
      case LIST -> list(next);
      default -> number(next);
    }
  }

  private void text(ByteBuf part, int from, int to) {
    for (int i = from; depth > 0 && i < to; i++) {
      bracket(part.getByte(i));
    }
    if (length + to - from <= UsageName.LONGEST) {
      part.getBytes(from, name, length, to - from);
    }
    length = Math.min(length + to - from, UsageName.LONGEST + 1);
  }

  private void quote() {
    UsageName found = length > UsageName.LONGEST ? null : find();
    if (found != null && found.kind() == UsageName.Kind.VALUE) {
      value(found);
    } else if (found != null) {
      at = At.COLON;
      stated = found;
    }
    length = 0;
  }

  private @Nullable UsageName find() {
    for (UsageName each : UsageName.ofLength(length)) {
      if (each.equals(name, length)) {
        return each;
      }
    }
    return null;
  }

  private void value(UsageName found) {
    if (found == UsageName.IMAGE_GENERATED || found == UsageName.IMAGE_EDITED) {
      streamedPictures++;
    } else {
      tokens.modality(found);
    }
  }

  private void colon(byte next) {
    if (next == ':') {
      follow(stated);
    } else if (!isSpace(next)) {
      backToText(next);
    }
  }

  private void follow(UsageName before) {
    at = At.TEXT;
    switch (before.kind()) {
      case NUMBER -> {
        at = At.NUMBER;
        number = -1;
      }
      case LIST -> at = At.LIST;
      case DETAILS -> tokens.begin(before);
      case PIECE -> count(before);
      case VALUE -> {}
    }
  }

  private void count(UsageName piece) {
    switch (piece) {
      case DELTA -> deltas++;
      case TEXT -> texts++;
      default -> pictures++;
    }
  }

  private void list(byte next) {
    if (next == '[') {
      depth = 1;
      tokens.beginIterations();
      at = At.TEXT;
    } else if (!isSpace(next)) {
      backToText(next);
    }
  }

  private void bracket(byte next) {
    if (next == '[') {
      depth++;
    } else if (next == ']') {
      depth--;
      tokens.endIterations();
    }
  }

  private void number(byte next) {
    if (next >= '0' && next <= '9') {
      number = Math.min(Math.max(number, 0) * 10 + (next - '0'), Integer.MAX_VALUE);
    } else if (number >= 0) {
      state();
      backToText(next);
    } else if (!isSpace(next)) {
      backToText(next);
    }
  }

  private void state() {
    if (stated.isOutput()) {
      piecesWhenStated = pieces();
    }
    if (depth > 0) {
      tokens.stateInIteration(stated, number);
    } else {
      tokens.state(stated, number);
    }
  }

  private void backToText(byte next) {
    if (depth > 0) {
      bracket(next);
    }
    at = At.TEXT;
    length = 0;
    if (next != '"') {
      name[length++] = next;
    }
  }

  private static boolean isSpace(byte next) {
    return next == ' ' || next == '\n' || next == '\r' || next == '\t';
  }
}
