package io.claviger.domain.prices;

import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;

/** What calls cost, in nano-dollars (10^-9 US dollars). */
public final class Cost {
  /** The largest cost: 1,000,000,000 dollars. */
  public static final long MOST = 1_000_000_000_000_000_000L;

  private static final long PICO_IN_NANO = 1_000;

  private Cost() {}

  /**
   * What one call cost: its tokens, its images and the request itself. The sum is rounded up once.
   * Costs above some nine million dollars count as that amount.
   *
   * <p>Each token is charged at one rate. Providers do not say which audio and images of the input
   * were cached, so these count as fresh up to the amount of fresh input. Reasoning counts as
   * neither audio nor an image.
   */
  public static long of(Price price, TokenUsage usage) {
    Rates rates = price.ratesAt(usage.input());
    TokenParts parts = usage.parts();
    long billed = Math.max(0, usage.input() - parts.unbilledInput());
    long cached = Math.min(parts.cachedInput(), billed);
    long fresh = Math.max(0, billed - cached - parts.cacheWrite5m() - parts.cacheWrite1h());
    long audio = Math.min(parts.audioInput(), fresh);
    long images = Math.min(parts.imageInput(), fresh - audio);
    long audioOutput = Math.min(parts.audioOutput(), usage.output());
    long imageOutput = Math.min(parts.imageOutput(), usage.output() - audioOutput);
    long reasoning = Math.min(parts.reasoning(), usage.output() - audioOutput - imageOutput);
    long pico = rates.of(Rate.REQUEST);
    pico = add(pico, fresh - audio - images, rates.of(Rate.INPUT));
    pico = add(pico, audio, rates.of(Rate.AUDIO_INPUT));
    pico = add(pico, images, rates.of(Rate.IMAGE_INPUT));
    pico = add(pico, cached, rates.of(Rate.CACHED_INPUT));
    pico = add(pico, parts.cacheWrite5m(), rates.of(Rate.CACHE_WRITE_5M));
    pico = add(pico, parts.cacheWrite1h(), rates.of(Rate.CACHE_WRITE_1H));
    pico = add(pico, usage.output() - audioOutput - imageOutput - reasoning, rates.of(Rate.OUTPUT));
    pico = add(pico, audioOutput, rates.of(Rate.AUDIO_OUTPUT));
    pico = add(pico, imageOutput, rates.of(Rate.IMAGE_OUTPUT));
    pico = add(pico, reasoning, rates.of(Rate.REASONING));
    pico = add(pico, parts.images(), rates.of(Rate.IMAGE));
    return nano(pico);
  }

  /**
   * The most that a call with this use can cost, at the dearest rates.
   *
   * @param input the most tokens of input
   * @param output the most tokens of output, of all answers together
   * @param images the most images
   */
  public static long atMost(Price price, long input, long output, long images) {
    long pico = price.dearest(Rate.REQUEST);
    pico = add(pico, input, price.dearestInput());
    pico = add(pico, output, price.dearestOutput());
    pico = add(pico, images, price.dearest(Rate.IMAGE));
    return nano(pico);
  }

  /** Adds the price of a number of tokens or pieces, and stops at the largest number. */
  private static long add(long pico, long count, long rate) {
    if (count == 0 || rate == 0) {
      return pico;
    }
    boolean fits = Math.multiplyHigh(count, rate) == 0 && count * rate > 0;
    long sum = fits ? pico + count * rate : Long.MAX_VALUE;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  private static long nano(long pico) {
    return Math.ceilDiv(pico, PICO_IN_NANO);
  }
}
