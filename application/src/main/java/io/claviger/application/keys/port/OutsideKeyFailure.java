package io.claviger.application.keys.port;

/**
 * A key that is kept outside Claviger could not be used. The message is the end of a sentence, and
 * contains no secrets.
 */
public final class OutsideKeyFailure extends RuntimeException {
  private final boolean away;
  private final boolean locking;

  private OutsideKeyFailure(String why, boolean away, boolean locking) {
    super(why, null, false, false);
    this.away = away;
    this.locking = locking;
  }

  /** Creates the failure of a device or server that does not answer now, but might answer later. */
  public static OutsideKeyFailure away(String why) {
    return new OutsideKeyFailure(why, true, false);
  }

  /**
   * Creates the failure of a key that can't be used until the operator changes something. Another
   * attempt before this change would fail as well.
   */
  public static OutsideKeyFailure refused(String why) {
    return new OutsideKeyFailure(why, false, false);
  }

  /**
   * Creates a failure like {@link #refused}, after which another attempt with the same PIN might
   * lock the hardware token.
   */
  public static OutsideKeyFailure refusedPin(String why) {
    return new OutsideKeyFailure(why, false, true);
  }

  /** Whether another attempt might cause damage, such as locking the hardware token. */
  public boolean isLocking() {
    return locking;
  }

  public boolean isAway() {
    return away;
  }
}
