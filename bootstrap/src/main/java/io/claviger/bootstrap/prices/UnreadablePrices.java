package io.claviger.bootstrap.prices;

/** A list of prices can't be read. The message says why, as the rest of a sentence. */
public final class UnreadablePrices extends RuntimeException {
  UnreadablePrices(String why) {
    super(why);
  }

  UnreadablePrices(String why, Throwable cause) {
    super(why, cause);
  }
}
