package io.claviger.stub;

import java.util.Map;

/**
 * The numbers of tokens in a response. Each API sums these numbers up in its own way. Some APIs
 * include cached input in the sum; others state cached input separately.
 *
 * @param fresh the input that is not cached, including {@code audioIn} and {@code images}
 * @param said the number of output tokens without reasoning, including {@code audioOut}
 */
record StubUsage(
    int fresh,
    int cached,
    int written5m,
    int written1h,
    int said,
    int reasoning,
    int audioIn,
    int audioOut,
    int images) {

  static StubUsage of(StubCall call, int said) {
    int audioIn = part(call, "audio_in");
    int audioOut = part(call, "audio_out");
    int images = part(call, "images");
    return new StubUsage(
        Math.max(1, call.promptTokens() - call.cachedTokens()) + audioIn + images,
        part(call, "cached") + call.cachedTokens() + GeminiStore.cachedTokens(call),
        part(call, "written_5m"),
        part(call, "written_1h"),
        said + audioOut,
        part(call, "reasoning"),
        audioIn,
        audioOut,
        images);
  }

  /** Returns the usage of a call that reads further tokens. */
  StubUsage reading(int further) {
    return new StubUsage(
        fresh + further, cached, written5m, written1h, said, reasoning, audioIn, audioOut, images);
  }

  /** Returns the usage of several calls like this one. */
  StubUsage times(int calls) {
    return new StubUsage(
        calls * fresh,
        calls * cached,
        calls * written5m,
        calls * written1h,
        calls * said,
        calls * reasoning,
        calls * audioIn,
        calls * audioOut,
        calls * images);
  }

  static StubUsage ofInput(int tokens) {
    return new StubUsage(tokens, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  static StubUsage of(StubCall call) {
    return of(call, call.replyTokens());
  }

  private static int part(StubCall call, String name) {
    return call.script().usage().getOrDefault(name, 0);
  }

  /** Returns the numbers of tokens, keyed by the bill's names. */
  Map<String, Long> billed() {
    return Map.of(
        "input", (long) fresh,
        "cached", (long) cached,
        "written_5m", (long) written5m,
        "written_1h", (long) written1h,
        "output", (long) output(),
        "audio_in", (long) audioIn,
        "audio_out", (long) audioOut);
  }

  int written() {
    return written5m + written1h;
  }

  int input() {
    return fresh + cached + written();
  }

  int output() {
    return said + reasoning;
  }

  int total() {
    return input() + output();
  }
}
