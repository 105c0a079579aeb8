package io.claviger.bootstrap.prices;

/** Thrown if a price list can't be read. The message is a clause that states the reason. */
public final class UnreadablePrices extends RuntimeException {
  UnreadablePrices(String why) {
    super(why);
  }

  UnreadablePrices(String why, Throwable cause) {
    super(why, cause);
  }
}
