package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/** The texts in answers that say what a number of tokens is. */
enum UsageName {
  PROMPT_TOKENS("prompt_tokens", Kind.NUMBER),
  INPUT_TOKENS("input_tokens", Kind.NUMBER),
  CACHE_CREATION_INPUT_TOKENS("cache_creation_input_tokens", Kind.NUMBER),
  EPHEMERAL_5M_INPUT_TOKENS("ephemeral_5m_input_tokens", Kind.NUMBER),
  EPHEMERAL_1H_INPUT_TOKENS("ephemeral_1h_input_tokens", Kind.NUMBER),
  CACHE_READ_INPUT_TOKENS("cache_read_input_tokens", Kind.NUMBER),
  CACHED_TOKENS("cached_tokens", Kind.NUMBER),
  PROMPT_CACHE_HIT_TOKENS("prompt_cache_hit_tokens", Kind.NUMBER),
  CACHED_CONTENT_TOKEN_COUNT("cachedContentTokenCount", Kind.NUMBER),
  PROMPT_TOKEN_COUNT("promptTokenCount", Kind.NUMBER),
  COMPLETION_TOKENS("completion_tokens", Kind.NUMBER),
  OUTPUT_TOKENS("output_tokens", Kind.NUMBER),
  REASONING_TOKENS("reasoning_tokens", Kind.NUMBER),
  AUDIO_TOKENS("audio_tokens", Kind.NUMBER),
  IMAGE_TOKENS("image_tokens", Kind.NUMBER),
  CANDIDATES_TOKEN_COUNT("candidatesTokenCount", Kind.NUMBER),
  THOUGHTS_TOKEN_COUNT("thoughtsTokenCount", Kind.NUMBER),
  TOOL_USE_PROMPT_TOKEN_COUNT("toolUsePromptTokenCount", Kind.NUMBER),
  TOKEN_COUNT("tokenCount", Kind.NUMBER),
  PROMPT_EVAL_COUNT("prompt_eval_count", Kind.NUMBER),
  EVAL_COUNT("eval_count", Kind.NUMBER),

  PROMPT_TOKENS_DETAILS("prompt_tokens_details", Kind.DETAILS),
  INPUT_TOKENS_DETAILS("input_tokens_details", Kind.DETAILS),
  INPUT_TOKEN_DETAILS("input_token_details", Kind.DETAILS),
  COMPLETION_TOKENS_DETAILS("completion_tokens_details", Kind.DETAILS),
  OUTPUT_TOKENS_DETAILS("output_tokens_details", Kind.DETAILS),
  OUTPUT_TOKEN_DETAILS("output_token_details", Kind.DETAILS),
  BILLED_UNITS("billed_units", Kind.DETAILS),
  ALL_TOKENS("tokens", Kind.DETAILS),
  GEMINI_PROMPT_DETAILS("promptTokensDetails", Kind.DETAILS),
  GEMINI_CANDIDATES_DETAILS("candidatesTokensDetails", Kind.DETAILS),
  GEMINI_CACHE_DETAILS("cacheTokensDetails", Kind.DETAILS),
  GEMINI_TOOL_DETAILS("toolUsePromptTokensDetails", Kind.DETAILS),

  TEXT_MODALITY("TEXT", Kind.VALUE),
  AUDIO_MODALITY("AUDIO", Kind.VALUE),
  IMAGE_MODALITY("IMAGE", Kind.VALUE),
  VIDEO_MODALITY("VIDEO", Kind.VALUE),
  DOCUMENT_MODALITY("DOCUMENT", Kind.VALUE),
  IMAGE_GENERATED("image_generation.completed", Kind.VALUE),
  IMAGE_EDITED("image_edit.completed", Kind.VALUE),

  ITERATIONS("iterations", Kind.LIST),
  B64_JSON("b64_json", Kind.PIECE),
  URL("url", Kind.PIECE),
  DELTA("delta", Kind.PIECE),
  TEXT("text", Kind.PIECE);

  /** What follows a name, or that it is a value itself. */
  enum Kind {
    NUMBER,
    /** An object or array that divides a number. */
    DETAILS,
    LIST,
    /** Anything; how often the name occurs is counted. */
    PIECE,
    VALUE
  }

  static final int LONGEST = 27;

  private static final UsageName[][] BY_LENGTH = byLength();

  private final byte[] bytes;
  private final Kind kind;

  UsageName(String text, Kind kind) {
    this.bytes = text.getBytes(US_ASCII);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /** Whether the number that follows is that of all output so far. */
  boolean isOutput() {
    return switch (this) {
      case COMPLETION_TOKENS, OUTPUT_TOKENS, CANDIDATES_TOKEN_COUNT, EVAL_COUNT -> true;
      default -> false;
    };
  }

  boolean equals(byte[] text, int length) {
    return Arrays.equals(text, 0, length, bytes, 0, bytes.length);
  }

  /** The names of a length, which is at most {@link #LONGEST}. */
  static UsageName[] ofLength(int length) {
    return BY_LENGTH[length];
  }

  private static UsageName[][] byLength() {
    UsageName[][] byLength = new UsageName[LONGEST + 1][];
    for (int length = 0; length <= LONGEST; length++) {
      int each = length;
      byLength[length] =
          Arrays.stream(values()).filter(n -> n.bytes.length == each).toArray(UsageName[]::new);
    }
    return byLength;
  }
}
