package io.claviger.gateway.response;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Finds the tokens that an answer states, in JSON or a stream of events, while it passes. Names are
 * looked at between any two quotes, so that what stands in a string, whose quotes are escaped, is
 * never mistaken for one. Of several statements the last counts: in streams they grow.
 */
public final class TokenCounts {
  private static final int LONGEST_NAME = 24;

  private enum Name {
    PROMPT_TOKENS("prompt_tokens", true),
    INPUT_TOKENS("input_tokens", true),
    PROMPT_TOKEN_COUNT("promptTokenCount", true),
    COMPLETION_TOKENS("completion_tokens", false),
    OUTPUT_TOKENS("output_tokens", false),
    CANDIDATES_TOKEN_COUNT("candidatesTokenCount", false);

    private static final Name[] ALL = values();
    private final byte[] bytes;
    private final boolean input;

    Name(String text, boolean input) {
      this.bytes = text.getBytes(US_ASCII);
      this.input = input;
    }
  }

  private enum At {
    TEXT,
    COLON,
    NUMBER
  }

  private final byte[] name = new byte[LONGEST_NAME];
  private int length;
  private At at = At.TEXT;
  private boolean input;
  private long number = -1;
  private long inputTokens;
  private long outputTokens;

  /**
   * @param part of the answer's body; left as it is
   */
  public void look(ByteBuf part) {
    int end = part.writerIndex();
    int i = part.readerIndex();
    while (i < end) {
      if (at == At.TEXT && length > LONGEST_NAME) {
        int quote = part.indexOf(i, end, (byte) '"');
        if (quote < 0) {
          return;
        }
        i = quote;
      }
      look(part.getByte(i));
      i++;
    }
  }

  public long inputTokens() {
    return inputTokens;
  }

  public long outputTokens() {
    return outputTokens;
  }

  private void look(byte next) {
    switch (at) {
      case TEXT -> text(next);
      case COLON -> colon(next);
      case NUMBER -> number(next);
    }
  }

  private void text(byte next) {
    if (next != '"') {
      if (length < LONGEST_NAME) {
        name[length] = next;
      }
      length = Math.min(length + 1, LONGEST_NAME + 1);
      return;
    }
    for (Name each : Name.ALL) {
      if (length == each.bytes.length
          && Arrays.equals(name, 0, length, each.bytes, 0, each.bytes.length)) {
        at = At.COLON;
        input = each.input;
      }
    }
    length = 0;
  }

  private void colon(byte next) {
    if (next == ':') {
      at = At.NUMBER;
      number = -1;
    } else if (!isSpace(next)) {
      backToText(next);
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
    if (input) {
      inputTokens = number;
    } else {
      outputTokens = number;
    }
  }

  private void backToText(byte next) {
    at = At.TEXT;
    length = 0;
    text(next);
  }

  private static boolean isSpace(byte next) {
    return next == ' ' || next == '\n' || next == '\r' || next == '\t';
  }
}
