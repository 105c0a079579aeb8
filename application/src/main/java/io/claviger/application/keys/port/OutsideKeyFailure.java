package io.claviger.application.keys.port;

/**
 * A key that is kept outside Claviger could not be used. The message is the end of a sentence, and
 * contains no secrets.
 */
public final class OutsideKeyFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean away;
  private final boolean locking;

  private OutsideKeyFailure(String why, boolean away, boolean locking) {
    super(why, null, false, false);
    this.away = away;
    this.locking = locking;
  }

  /** The device or server with the key does not answer now, but may answer later. */
  public static OutsideKeyFailure away(String why) {
    return new OutsideKeyFailure(why, true, false);
  }

  /**
   * The key can't be used until the operator changes something; until then, another attempt would
   * fail as well.
   */
  public static OutsideKeyFailure refused(String why) {
    return new OutsideKeyFailure(why, false, false);
  }

  /** Like {@link #refused}, but another attempt with the same PIN may lock the hardware token. */
  public static OutsideKeyFailure refusedPin(String why) {
    return new OutsideKeyFailure(why, false, true);
  }

  /** Whether another attempt may cause damage, such as locking the hardware token. */
  public boolean isLocking() {
    return locking;
  }

  public boolean isAway() {
    return away;
  }
}
