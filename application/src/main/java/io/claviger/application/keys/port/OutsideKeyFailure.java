package io.claviger.application.keys.port;

/**
 * A key that is kept outside Claviger could not be used. The message is only a part of a sentence,
 * and contains no secrets.
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

  /** The device or server that has the key does not answer now, but may answer later. */
  public static OutsideKeyFailure away(String why) {
    return new OutsideKeyFailure(why, true, false);
  }

  /** The operator has to change something. The same attempt would fail again until then. */
  public static OutsideKeyFailure refused(String why) {
    return new OutsideKeyFailure(why, false, false);
  }

  /**
   * The same failure as {@link #refused}, but a further attempt with the same PIN may lock the
   * hardware token.
   */
  public static OutsideKeyFailure refusedPin(String why) {
    return new OutsideKeyFailure(why, false, true);
  }

  /** Whether each further attempt may cause damage, such as locking the hardware token. */
  public boolean isLocking() {
    return locking;
  }

  public boolean isAway() {
    return away;
  }
}
