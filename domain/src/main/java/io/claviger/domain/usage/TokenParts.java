package io.claviger.domain.usage;

import io.claviger.domain.Amounts;

/**
 * The numbers of tokens of each kind, as far as providers state them, and the number of images that
 * were made. Fresh input is input that was neither read from a cache nor written to a cache. Parts
 * can overlap: for example, cached input can be audio.
 *
 * @param cachedInput input that was read from a cache
 * @param cacheWrite5m input that was written to a cache for less than an hour, or for an unknown
 *     time
 * @param cacheWrite1h input that was written to a cache for an hour or longer
 * @param reasoning reasoning output, which is not part of the answer
 * @param audioInput input that was audio; if the provider states how much audio was read from a
 *     cache, this audio is left out
 * @param audioOutput output that was audio
 * @param imageInput input that was images; if the provider states how much of it was read from a
 *     cache, this part is left out
 * @param imageOutput output that was images
 * @param images the number of images that were made
 * @param unbilledInput fresh input that the provider states but does not charge; known only for
 *     single calls, and not stored
 */
public record TokenParts(
    long cachedInput,
    long cacheWrite5m,
    long cacheWrite1h,
    long reasoning,
    long audioInput,
    long audioOutput,
    long imageInput,
    long imageOutput,
    long images,
    long unbilledInput) {
  public static final TokenParts NONE = new TokenParts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  public TokenParts {
    if (cachedInput < 0
        || cacheWrite5m < 0
        || cacheWrite1h < 0
        || reasoning < 0
        || audioInput < 0
        || audioOutput < 0
        || imageInput < 0
        || imageOutput < 0
        || images < 0
        || unbilledInput < 0) {
      throw new IllegalArgumentException("counts must not be negative");
    }
  }

  public TokenParts plus(TokenParts more) {
    if (unbilledInput == 0 && more.equals(NONE)) {
      return this;
    }
    return new TokenParts(
        Amounts.sum(cachedInput, more.cachedInput),
        Amounts.sum(cacheWrite5m, more.cacheWrite5m),
        Amounts.sum(cacheWrite1h, more.cacheWrite1h),
        Amounts.sum(reasoning, more.reasoning),
        Amounts.sum(audioInput, more.audioInput),
        Amounts.sum(audioOutput, more.audioOutput),
        Amounts.sum(imageInput, more.imageInput),
        Amounts.sum(imageOutput, more.imageOutput),
        Amounts.sum(images, more.images),
        0);
  }

  TokenParts minus(TokenParts part) {
    return new TokenParts(
        Amounts.difference(cachedInput, part.cachedInput),
        Amounts.difference(cacheWrite5m, part.cacheWrite5m),
        Amounts.difference(cacheWrite1h, part.cacheWrite1h),
        Amounts.difference(reasoning, part.reasoning),
        Amounts.difference(audioInput, part.audioInput),
        Amounts.difference(audioOutput, part.audioOutput),
        Amounts.difference(imageInput, part.imageInput),
        Amounts.difference(imageOutput, part.imageOutput),
        Amounts.difference(images, part.images),
        0);
  }

  /**
   * Returns the input that was neither read from a cache nor written to a cache.
   *
   * @param input the number of all input tokens
   */
  public long freshInput(long input) {
    long cached = Amounts.sum(cachedInput, Amounts.sum(cacheWrite5m, cacheWrite1h));
    return Math.max(0, input - cached);
  }

  /** Returns these parts with the given number of unbilled input tokens. */
  public TokenParts without(long unbilled) {
    return new TokenParts(
        cachedInput,
        cacheWrite5m,
        cacheWrite1h,
        reasoning,
        audioInput,
        audioOutput,
        imageInput,
        imageOutput,
        images,
        unbilled);
  }

  /** Returns these parts with the given numbers of tokens of audio and images. */
  TokenParts withMedia(long heard, long spoken, long drawn) {
    return new TokenParts(
        cachedInput,
        cacheWrite5m,
        cacheWrite1h,
        reasoning,
        heard,
        spoken,
        imageInput,
        drawn,
        images,
        unbilledInput);
  }

  /**
   * Returns these parts, reduced where they are larger than the given maximum of the whole to which
   * they belong.
   */
  TokenParts atMost(long input, long output, long most) {
    return new TokenParts(
        Math.min(cachedInput, input),
        Math.min(cacheWrite5m, input),
        Math.min(cacheWrite1h, input),
        Math.min(reasoning, output),
        Math.min(audioInput, input),
        Math.min(audioOutput, output),
        Math.min(imageInput, input),
        Math.min(imageOutput, output),
        Math.min(images, most),
        unbilledInput);
  }

  /** Whether no part is larger than the given maximum of the whole to which it belongs. */
  boolean areAtMost(long input, long output, long most) {
    return cachedInput <= input
        && cacheWrite5m <= input
        && cacheWrite1h <= input
        && reasoning <= output
        && audioInput <= input
        && audioOutput <= output
        && imageInput <= input
        && imageOutput <= output
        && images <= most;
  }

  /** Returns all audio tokens, input plus output. */
  public long audio() {
    return Amounts.sum(audioInput, audioOutput);
  }

  /** Returns all image tokens, input plus output. */
  public long imageTokens() {
    return Amounts.sum(imageInput, imageOutput);
  }
}
