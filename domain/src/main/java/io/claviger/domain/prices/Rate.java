package io.claviger.domain.prices;

import io.claviger.domain.WireNamed;
import java.util.Optional;

/** A kind of token or piece for which a price can be stated. */
public enum Rate implements WireNamed {
  /** An input token that was neither read from nor written to a cache. */
  INPUT,
  /** An input token that was read from a cache. */
  CACHED_INPUT(INPUT),
  /** An input token that was written to a cache for less than an hour, or for an unknown time. */
  CACHE_WRITE_5M(INPUT),
  /** An input token that was written to a cache for an hour or longer. */
  CACHE_WRITE_1H(CACHE_WRITE_5M),
  /** A token of audio in input that was neither read from nor written to a cache. */
  AUDIO_INPUT(INPUT),
  /** A token of an image in input that was neither read from nor written to a cache. */
  IMAGE_INPUT(INPUT),
  /** An output token. */
  OUTPUT,
  /** A reasoning token: output that is not part of the answer. */
  REASONING(OUTPUT),
  /** A token of audio in the output. */
  AUDIO_OUTPUT(OUTPUT),
  /** A token of an image in the output. */
  IMAGE_OUTPUT(OUTPUT),
  /** One request, in addition to its tokens. */
  REQUEST,
  /** One image that the model made, in addition to its tokens. */
  IMAGE;

  private final Optional<Rate> unless;

  Rate() {
    this.unless = Optional.empty();
  }

  Rate(Rate unless) {
    this.unless = Optional.of(unless);
  }

  /** Returns the rate that applies if a price does not state this rate. */
  public Optional<Rate> unlessStated() {
    return unless;
  }

  /** Whether this is a rate for tokens and not for pieces. */
  public boolean isOfTokens() {
    return this != REQUEST && this != IMAGE;
  }

  /** Whether this is a rate for input tokens. */
  public boolean isOfInput() {
    return isOfTokens() && !isOfOutput();
  }

  /** Whether this is a rate for output tokens. */
  public boolean isOfOutput() {
    return this == OUTPUT || unless.filter(OUTPUT::equals).isPresent();
  }
}
