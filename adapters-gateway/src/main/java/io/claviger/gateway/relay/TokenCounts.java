package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Finds the token counts in an answer, JSON or a stream of events, while it passes. Any text
 * between two quotes may be a name. Text inside a string is never taken for a name, because its
 * quotes are escaped. Of several counts the last one is used: in streams they grow.
 *
 * <p>Anthropic reports tokens read from a cache or written to one separately, and Gemini the tokens
 * of its thoughts and of its tools' results. Others include them in the total. Where Anthropic
 * lists several iterations, the totals beside the list leave some of them out, so that the list
 * counts.
 */
final class TokenCounts {
  private static final int LONGEST_NAME = 27;

  private enum Name {
    PROMPT_TOKENS("prompt_tokens"),
    INPUT_TOKENS("input_tokens"),
    CACHE_CREATION_INPUT_TOKENS("cache_creation_input_tokens"),
    CACHE_READ_INPUT_TOKENS("cache_read_input_tokens"),
    PROMPT_TOKEN_COUNT("promptTokenCount"),
    COMPLETION_TOKENS("completion_tokens"),
    OUTPUT_TOKENS("output_tokens"),
    CANDIDATES_TOKEN_COUNT("candidatesTokenCount"),
    THOUGHTS_TOKEN_COUNT("thoughtsTokenCount"),
    TOOL_USE_PROMPT_TOKEN_COUNT("toolUsePromptTokenCount"),
    PROMPT_EVAL_COUNT("prompt_eval_count"),
    EVAL_COUNT("eval_count"),
    ITERATIONS("iterations"),
    DELTA("delta"),
    TEXT("text");

    private static final Name[] ALL = values();
    private final byte[] bytes;

    Name(String text) {
      this.bytes = text.getBytes(US_ASCII);
    }
  }

  private enum At {
    TEXT,
    COLON,
    NUMBER,
    /** Before the list of iterations. */
    LIST
  }

  private final byte[] name = new byte[LONGEST_NAME];
  private int length;
  private At at = At.TEXT;
  private Name stated = Name.INPUT_TOKENS;
  private long number = -1;
  private long input;
  private boolean inputWithoutCached;
  private long cacheCreation;
  private long cacheRead;
  private long output;
  private long thoughts;
  private long toolUse;

  /** How many brackets are open, counted from that of the list of iterations. */
  private int depth;

  private boolean iterated;
  private long iterationsInput;
  private long iterationsOutput;
  private long deltas;
  private long texts;

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

  long inputTokens() {
    if (iterated) {
      return iterationsInput;
    }
    return (inputWithoutCached ? input + cacheCreation + cacheRead : input) + toolUse;
  }

  long outputTokens() {
    return iterated ? iterationsOutput : output + thoughts;
  }

  /**
   * How many pieces of text have passed in a stream. Providers send about one token in each, and
   * state the number only at the end.
   */
  long pieces() {
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
    if (length + to - from <= LONGEST_NAME) {
      part.getBytes(from, name, length, to - from);
    }
    length = Math.min(length + to - from, LONGEST_NAME + 1);
  }

  private void quote() {
    for (Name each : Name.ALL) {
      if (length == each.bytes.length
          && Arrays.equals(name, 0, length, each.bytes, 0, each.bytes.length)) {
        at = At.COLON;
        stated = each;
      }
    }
    length = 0;
  }

  private void colon(byte next) {
    if (next == ':') {
      follow(stated);
    } else if (!isSpace(next)) {
      backToText(next);
    }
  }

  private void follow(Name before) {
    switch (before) {
      case DELTA -> deltas++;
      case TEXT -> texts++;
      default -> {
        at = before == Name.ITERATIONS ? At.LIST : At.NUMBER;
        number = -1;
        return;
      }
    }
    at = At.TEXT;
  }

  private void list(byte next) {
    if (next == '[') {
      depth = 1;
      iterationsInput = 0;
      iterationsOutput = 0;
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
      iterated = iterationsInput + iterationsOutput > 0;
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
    if (depth > 0) {
      stateIteration();
      return;
    }
    switch (stated) {
      case PROMPT_TOKENS, PROMPT_TOKEN_COUNT, PROMPT_EVAL_COUNT -> {
        input = number;
        inputWithoutCached = false;
      }
      case INPUT_TOKENS -> {
        input = number;
        inputWithoutCached = true;
      }
      case CACHE_CREATION_INPUT_TOKENS -> cacheCreation = number;
      case CACHE_READ_INPUT_TOKENS -> cacheRead = number;
      case COMPLETION_TOKENS, OUTPUT_TOKENS, CANDIDATES_TOKEN_COUNT, EVAL_COUNT -> output = number;
      case THOUGHTS_TOKEN_COUNT -> thoughts = number;
      case TOOL_USE_PROMPT_TOKEN_COUNT -> toolUse = number;
      case ITERATIONS, DELTA, TEXT -> {}
    }
  }

  private void stateIteration() {
    switch (stated) {
      case INPUT_TOKENS, CACHE_CREATION_INPUT_TOKENS, CACHE_READ_INPUT_TOKENS ->
          iterationsInput += number;
      case OUTPUT_TOKENS -> iterationsOutput += number;
      default -> {}
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
