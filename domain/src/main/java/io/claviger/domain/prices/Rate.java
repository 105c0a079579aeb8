package io.claviger.domain.prices;

import io.claviger.domain.WireNamed;
import java.util.Optional;

/** A kind of token or piece for which a price can be stated. */
public enum Rate implements WireNamed {
  /** A token of input that was neither read from a cache nor written to a cache. */
  INPUT,
  /** A token of input that was read from a cache. */
  CACHED_INPUT(INPUT),
  /** A token of input that was written to a cache for 5 minutes, or for an unknown time. */
  CACHE_WRITE_5M(INPUT),
  /** A token of input that was written to a cache for an hour. */
  CACHE_WRITE_1H(CACHE_WRITE_5M),
  /** A token of fresh input that was audio. */
  AUDIO_INPUT(INPUT),
  /** A token of fresh input that was part of an image. */
  IMAGE_INPUT(INPUT),
  /** A token of output. */
  OUTPUT,
  /** A token of reasoning: output that is not part of the answer. */
  REASONING(OUTPUT),
  /** A token of output that was audio. */
  AUDIO_OUTPUT(OUTPUT),
  /** A token of output that was part of an image. */
  IMAGE_OUTPUT(OUTPUT),
  /** One request, in addition to its tokens. */
  REQUEST,
  /** One image that was made, in addition to its tokens. */
  IMAGE;

  private final Optional<Rate> unless;

  Rate() {
    this.unless = Optional.empty();
  }

  Rate(Rate unless) {
    this.unless = Optional.of(unless);
  }

  /** The rate that is used if the rate of this kind is not stated. */
  public Optional<Rate> unlessStated() {
    return unless;
  }

  /** Whether this is a rate for tokens and not for pieces. */
  public boolean isOfTokens() {
    return this != REQUEST && this != IMAGE;
  }

  /** Whether this is a rate for tokens of the input. */
  public boolean isOfInput() {
    return isOfTokens() && !isOfOutput();
  }

  /** Whether this is a rate for tokens of the output. */
  public boolean isOfOutput() {
    return this == OUTPUT || unless.filter(OUTPUT::equals).isPresent();
  }
}
