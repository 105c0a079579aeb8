package io.claviger.gateway.relay;

import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;

/**
 * Adds up the numbers of tokens that an answer states, in any format. Of several numbers of one
 * kind the last one counts: in streams they grow.
 *
 * <p>Cohere states what it bills beside what it used, of which it bills only a part. What is not
 * billed is kept apart.
 *
 * <p>Anthropic reports tokens read from a cache or written to one separately, and Gemini the tokens
 * of its thoughts and of its tools' results. Others include them in the total. Where Anthropic
 * lists several iterations, the totals beside the list leave some of them out, so that the list
 * counts.
 */
final class StatedTokens {
  /** Which number details divide. */
  private enum Side {
    NONE,
    INPUT,
    OUTPUT,
    BILLED
  }

  private enum Modality {
    TEXT,
    AUDIO,
    IMAGE
  }

  /** Counts whose names every format has in common, or of one iteration of several. */
  private static final class CommonCounts {
    long input;
    long output;
    long cacheRead;
    long written;
    long written5m;
    long written1h;

    TokenParts parts(long cached, TokenParts others) {
      // Where an answer divides what was written, the parts may come without their sum.
      long all = Math.max(written, written5m + written1h);
      return new TokenParts(
          Math.max(cacheRead, cached),
          all - written1h,
          written1h,
          others.reasoning(),
          others.audioInput(),
          others.audioOutput(),
          others.imageInput(),
          others.imageOutput(),
          others.images());
    }
  }

  private final CommonCounts total = new CommonCounts();
  private CommonCounts iterations = new CommonCounts();
  private boolean iterated;

  private boolean inputWithoutCached;
  private long cached;
  private long thoughts;
  private long reasoning;
  private long toolUse;
  private long billedInput;
  private long billedOutput;
  private boolean isBilled;
  private boolean isInAll;
  private Side side = Side.NONE;
  private Modality modality = Modality.TEXT;
  private long audioInput;
  private long audioOutput;
  private long imageInput;
  private long imageOutput;

  void begin(UsageName details) {
    side =
        switch (details) {
          case PROMPT_TOKENS_DETAILS,
              INPUT_TOKENS_DETAILS,
              INPUT_TOKEN_DETAILS,
              GEMINI_PROMPT_DETAILS ->
              Side.INPUT;
          case COMPLETION_TOKENS_DETAILS,
              OUTPUT_TOKENS_DETAILS,
              OUTPUT_TOKEN_DETAILS,
              GEMINI_CANDIDATES_DETAILS ->
              Side.OUTPUT;
          case BILLED_UNITS -> Side.BILLED;
          default -> Side.NONE;
        };
    if (side == Side.INPUT) {
      audioInput = 0;
      imageInput = 0;
    } else if (side == Side.OUTPUT) {
      audioOutput = 0;
      imageOutput = 0;
    }
  }

  void modality(UsageName value) {
    modality =
        switch (value) {
          case AUDIO_MODALITY -> Modality.AUDIO;
          case IMAGE_MODALITY -> Modality.IMAGE;
          default -> Modality.TEXT;
        };
  }

  void state(UsageName name, long number) {
    if (side == Side.BILLED
        && (name == UsageName.INPUT_TOKENS || name == UsageName.OUTPUT_TOKENS)) {
      isBilled = true;
      billedInput = name == UsageName.INPUT_TOKENS ? number : billedInput;
      billedOutput = name == UsageName.OUTPUT_TOKENS ? number : billedOutput;
      return;
    }
    isInAll |= name == UsageName.INPUT_TOKENS || name == UsageName.OUTPUT_TOKENS;
    switch (name) {
      case PROMPT_TOKENS, PROMPT_TOKEN_COUNT, PROMPT_EVAL_COUNT -> {
        total.input = number;
        inputWithoutCached = false;
      }
      case INPUT_TOKENS -> {
        total.input = number;
        inputWithoutCached = true;
      }
      case CACHE_CREATION_INPUT_TOKENS -> total.written = number;
      case EPHEMERAL_5M_INPUT_TOKENS -> total.written5m = number;
      case EPHEMERAL_1H_INPUT_TOKENS -> total.written1h = number;
      case CACHE_READ_INPUT_TOKENS -> total.cacheRead = number;
      case CACHED_TOKENS, PROMPT_CACHE_HIT_TOKENS, CACHED_CONTENT_TOKEN_COUNT -> cached = number;
      case COMPLETION_TOKENS, OUTPUT_TOKENS, CANDIDATES_TOKEN_COUNT, EVAL_COUNT ->
          total.output = number;
      case REASONING_TOKENS -> reasoning = number;
      case THOUGHTS_TOKEN_COUNT -> thoughts = number;
      case TOOL_USE_PROMPT_TOKEN_COUNT -> toolUse = number;
      case AUDIO_TOKENS -> add(Modality.AUDIO, number);
      case IMAGE_TOKENS -> add(Modality.IMAGE, number);
      case TOKEN_COUNT -> add(modality, number);
      default -> {}
    }
  }

  private void add(Modality of, long number) {
    if (side == Side.INPUT) {
      audioInput += of == Modality.AUDIO ? number : 0;
      imageInput += of == Modality.IMAGE ? number : 0;
    } else if (side == Side.OUTPUT) {
      audioOutput += of == Modality.AUDIO ? number : 0;
      imageOutput += of == Modality.IMAGE ? number : 0;
    }
  }

  void beginIterations() {
    iterations = new CommonCounts();
  }

  void stateInIteration(UsageName name, long number) {
    switch (name) {
      case INPUT_TOKENS -> iterations.input += number;
      case CACHE_CREATION_INPUT_TOKENS -> iterations.written += number;
      case EPHEMERAL_5M_INPUT_TOKENS -> iterations.written5m += number;
      case EPHEMERAL_1H_INPUT_TOKENS -> iterations.written1h += number;
      case CACHE_READ_INPUT_TOKENS -> iterations.cacheRead += number;
      case OUTPUT_TOKENS -> iterations.output += number;
      default -> {}
    }
  }

  void endIterations() {
    CommonCounts all = iterations;
    iterated = all.input + all.written + all.cacheRead + all.output > 0;
  }

  /**
   * @param images the number of images that were made
   */
  TokenUsage usage(long images) {
    TokenParts others =
        new TokenParts(
            0,
            0,
            0,
            Math.max(reasoning, thoughts),
            audioInput,
            audioOutput,
            imageInput,
            imageOutput,
            images);
    if (iterated) {
      CommonCounts all = iterations;
      return TokenUsage.stated(
          all.input + all.written + all.cacheRead, all.output, all.parts(0, others));
    }
    if (isBilled && !isInAll) {
      return TokenUsage.stated(billedInput, billedOutput, total.parts(cached, others));
    }
    long besides = inputWithoutCached ? total.written + total.cacheRead : 0;
    long input = total.input + besides + toolUse;
    return TokenUsage.stated(
        input,
        total.output + thoughts,
        total.parts(cached, others).without(isBilled ? Math.max(0, input - billedInput) : 0));
  }
}
