package io.claviger.bootstrap.prices;

/** Thrown if a list of prices can't be read. The message is a clause that says why. */
public final class UnreadablePrices extends RuntimeException {
  UnreadablePrices(String why) {
    super(why);
  }

  UnreadablePrices(String why, Throwable cause) {
    super(why, cause);
  }
}
